<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AcceptPanel</name>
    <message>
        <source>Accept likely images</source>
        <translation>Wahrscheinliche Bilder übernehmen</translation>
    </message>
    <message>
        <source>Minimum precision in percent</source>
        <translation>Mindestpräzision in Prozent</translation>
    </message>
    <message>
        <source>Accept</source>
        <translation>Übernehmen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Minimum precision:</source>
        <translation>Mindestpräzision:</translation>
    </message>
    <message>
        <source>Accept likely images: {category}</source>
        <translation>Wahrscheinliche Bilder übernehmen: {category}</translation>
    </message>
    <message>
        <source>Estimating the result…</source>
        <translation>Ergebnis wird geschätzt…</translation>
    </message>
    <message>
        <source>Nothing is written until you accept. A single undo reverts everything.</source>
        <translation>Bis zum Übernehmen wird nichts geschrieben. Ein einziges Rückgängig nimmt alles zurück.</translation>
    </message>
    <message>
        <source>as of {time}</source>
        <translation>Stand {time}</translation>
    </message>
    <message>
        <source>Accept {n} image</source>
        <translation>{n} Bild übernehmen</translation>
    </message>
    <message>
        <source>Accept {n} images</source>
        <translation>{n} Bilder übernehmen</translation>
    </message>
    <message>
        <source>Accept {n} likely image for {category}</source>
        <translation>{n} wahrscheinliches Bild für {category} übernehmen</translation>
    </message>
    <message>
        <source>Accept {n} likely images for {category}</source>
        <translation>{n} wahrscheinliche Bilder für {category} übernehmen</translation>
    </message>
    <message>
        <source>{n} image accepted for {category}; undo reverts it.</source>
        <translation>{n} Bild für {category} übernommen; Rückgängig nimmt es zurück.</translation>
    </message>
    <message>
        <source>{n} images accepted for {category}; a single undo reverts all.</source>
        <translation>{n} Bilder für {category} übernommen; ein Rückgängig nimmt alle zurück.</translation>
    </message>
</context>
<context>
    <name>AddPanel</name>
    <message>
        <source>Add categories</source>
        <translation>Kategorien hinzufügen</translation>
    </message>
    <message>
        <source>Names of new categories</source>
        <translation>Namen neuer Kategorien</translation>
    </message>
    <message>
        <source>One name per line, or separated by commas.</source>
        <translation>Ein Name pro Zeile oder durch Kommas getrennt.</translation>
    </message>
    <message>
        <source>From a file…</source>
        <translation>Aus Datei…</translation>
    </message>
    <message>
        <source>Add {n} category</source>
        <translation>{n} Kategorie hinzufügen</translation>
    </message>
    <message>
        <source>Add {n} categories</source>
        <translation>{n} Kategorien hinzufügen</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>New: {names}</source>
        <translation>Neu: {names}</translation>
    </message>
    <message>
        <source>{name} (as “{category}”)</source>
        <translation>{name} (als „{category}“)</translation>
    </message>
    <message>
        <source>Already there: {names}</source>
        <translation>Schon vorhanden: {names}</translation>
    </message>
    <message>
        <source>Same category: {names}</source>
        <translation>Dieselbe Kategorie: {names}</translation>
    </message>
    <message>
        <source>{names} (and {n} more)</source>
        <translation>{names} (und {n} weitere)</translation>
    </message>
</context>
<context>
    <name>BackupRow</name>
    <message>
        <source>{time}, {reason}</source>
        <translation>{time}, {reason}</translation>
    </message>
    <message>
        <source>{contents}; {size}</source>
        <translation>{contents}; {size}</translation>
    </message>
    <message>
        <source>Restore…</source>
        <translation>Wiederherstellen…</translation>
    </message>
    <message>
        <source>Keep the present state</source>
        <translation>Jetzigen Stand behalten</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>The present state is backed up before, so that you can come back to it.</source>
        <translation>Der jetzige Stand wird vorher gesichert, so dass Sie zu ihm zurückkehren können.</translation>
    </message>
</context>
<context>
    <name>Backups</name>
    <message>
        <source>made by you</source>
        <translation>von Ihnen</translation>
    </message>
    <message>
        <source>daily</source>
        <translation>täglich</translation>
    </message>
    <message>
        <source>before a restore</source>
        <translation>vor einer Wiederherstellung</translation>
    </message>
    <message>
        <source>before a repair</source>
        <translation>vor einer Reparatur</translation>
    </message>
    <message>
        <source>before a merge</source>
        <translation>vor einer Zusammenführung</translation>
    </message>
    <message>
        <source>before an update</source>
        <translation>vor einer Aktualisierung</translation>
    </message>
    <message>
        <source>{n} image</source>
        <translation>{n} Bild</translation>
    </message>
    <message>
        <source>{n} images</source>
        <translation>{n} Bilder</translation>
    </message>
    <message>
        <source>{images}, {reviewed} reviewed, {yes} yes, {no} no</source>
        <translation>{images}, {reviewed} geprüft, {yes} Ja, {no} Nein</translation>
    </message>
    <message>
        <source>The present state cannot be read; it is set aside.</source>
        <translation>Der jetzige Stand ist nicht lesbar; er wird beiseitegelegt.</translation>
    </message>
    <message>
        <source>Nothing would change.</source>
        <translation>Nichts würde sich ändern.</translation>
    </message>
    <message>
        <source>{n} label would disappear</source>
        <translation>{n} Label würde verschwinden</translation>
    </message>
    <message>
        <source>{n} labels would disappear</source>
        <translation>{n} Labels würden verschwinden</translation>
    </message>
    <message>
        <source>{n} label would return</source>
        <translation>{n} Label würde zurückkehren</translation>
    </message>
    <message>
        <source>{n} labels would return</source>
        <translation>{n} Labels würden zurückkehren</translation>
    </message>
    <message>
        <source>{n} label would change</source>
        <translation>{n} Label würde sich ändern</translation>
    </message>
    <message>
        <source>{n} labels would change</source>
        <translation>{n} Labels würden sich ändern</translation>
    </message>
    <message>
        <source>{n} image would no longer be reviewed</source>
        <translation>{n} Bild wäre nicht mehr geprüft</translation>
    </message>
    <message>
        <source>{n} images would no longer be reviewed</source>
        <translation>{n} Bilder wären nicht mehr geprüft</translation>
    </message>
    <message>
        <source>{n} image would be reviewed again</source>
        <translation>{n} Bild wäre wieder geprüft</translation>
    </message>
    <message>
        <source>{n} images would be reviewed again</source>
        <translation>{n} Bilder wären wieder geprüft</translation>
    </message>
    <message>
        <source>{n} image would be unknown until the next scan</source>
        <translation>{n} Bild wäre bis zur nächsten Suche unbekannt</translation>
    </message>
    <message>
        <source>{n} images would be unknown until the next scan</source>
        <translation>{n} Bilder wären bis zur nächsten Suche unbekannt</translation>
    </message>
    <message>
        <source>{n} image would return</source>
        <translation>{n} Bild würde zurückkehren</translation>
    </message>
    <message>
        <source>{n} images would return</source>
        <translation>{n} Bilder würden zurückkehren</translation>
    </message>
    <message>
        <source>{n} image would be recorded with its place, content or state of then</source>
        <translation>{n} Bild stünde mit Ort, Inhalt oder Zustand von damals im Projekt</translation>
    </message>
    <message>
        <source>{n} images would be recorded with their place, content or state of then</source>
        <translation>{n} Bilder stünden mit Ort, Inhalt oder Zustand von damals im Projekt</translation>
    </message>
    <message>
        <source>{n} step would disappear from the history</source>
        <translation>{n} Schritt würde aus dem Verlauf verschwinden</translation>
    </message>
    <message>
        <source>{n} steps would disappear from the history</source>
        <translation>{n} Schritte würden aus dem Verlauf verschwinden</translation>
    </message>
    <message>
        <source>{n} step would return to the history</source>
        <translation>{n} Schritt würde in den Verlauf zurückkehren</translation>
    </message>
    <message>
        <source>{n} steps would return to the history</source>
        <translation>{n} Schritte würden in den Verlauf zurückkehren</translation>
    </message>
    <message>
        <source>Categories that would disappear: {names}</source>
        <translation>Kategorien, die verschwinden würden: {names}</translation>
    </message>
    <message>
        <source>Categories that would return: {names}</source>
        <translation>Kategorien, die zurückkehren würden: {names}</translation>
    </message>
</context>
<context>
    <name>BandGlyph</name>
    <message>
        <source>{band} category</source>
        <translation>Kategorie: {band}</translation>
    </message>
</context>
<context>
    <name>Bands</name>
    <message>
        <source>head</source>
        <translation>häufig</translation>
    </message>
    <message>
        <source>medium</source>
        <translation>mittel</translation>
    </message>
    <message>
        <source>tail</source>
        <translation>selten</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
</context>
<context>
    <name>Board</name>
    <message>
        <source>Category</source>
        <translation>Kategorie</translation>
    </message>
    <message>
        <source>Name of the category</source>
        <translation>Name der Kategorie</translation>
    </message>
    <message>
        <source>Band</source>
        <translation>Häufigkeit</translation>
    </message>
    <message>
        <source>Band by the number of yes labels</source>
        <translation>Häufigkeit nach der Zahl der Ja-Labels</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>Images labelled yes</source>
        <translation>Bilder mit Ja</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>Images labelled no, including reviewed images without an answer</source>
        <translation>Bilder mit Nein, auch geprüfte Bilder ohne Antwort</translation>
    </message>
    <message>
        <source>Hidden (est.)</source>
        <translation>Verborgen (gesch.)</translation>
    </message>
    <message>
        <source>Images with the category expected among the undecided ones, with a 90 % interval</source>
        <translation>Bilder mit dieser Kategorie, die unter den unentschiedenen erwartet werden, mit 90-%-Intervall</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>From 0 to 1, measured on the labelled images without the help of their own labels: 1 means that each image with the category ranks above each without it. ± is a 90 % interval.</source>
        <translation>Von 0 bis 1, gemessen an den gelabelten Bildern ohne Hilfe ihrer eigenen Labels: 1 heißt, dass jedes Bild mit der Kategorie vor jedem ohne sie steht. ± ist ein 90-%-Intervall.</translation>
    </message>
    <message>
        <source>Verified</source>
        <translation>Geprüft</translation>
    </message>
    <message>
        <source>Share of images decided for this category</source>
        <translation>Anteil der Bilder, die für diese Kategorie entschieden sind</translation>
    </message>
    <message>
        <source>Next step</source>
        <translation>Nächster Schritt</translation>
    </message>
    <message>
        <source>What to do next; sorted by the expected gain for your time</source>
        <translation>Was als Nächstes zu tun ist; sortiert nach dem erwarteten Nutzen für Ihre Zeit</translation>
    </message>
</context>
<context>
    <name>BoardTable</name>
    <message>
        <source>Categories</source>
        <translation>Kategorien</translation>
    </message>
</context>
<context>
    <name>BoardView</name>
    <message>
        <source>Find a category</source>
        <translation>Kategorie suchen</translation>
    </message>
    <message>
        <source>Compute features</source>
        <translation>Merkmale berechnen</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>as of {time}</source>
        <translation>Stand {time}</translation>
    </message>
    <message>
        <source>as of {time}, estimating {done} of {total}</source>
        <translation>Stand {time}, geschätzt: {done} von {total}</translation>
    </message>
    <message>
        <source>No category with “{text}” in its name ({n} in all).</source>
        <translation>Keine Kategorie mit „{text}“ im Namen (insgesamt {n}).</translation>
    </message>
    <message>
        <source>Review unsure images</source>
        <translation>Unsichere Bilder prüfen</translation>
    </message>
    <message>
        <source>Check yes labels</source>
        <translation>Ja-Labels kontrollieren</translation>
    </message>
    <message>
        <source>Check no labels</source>
        <translation>Nein-Labels kontrollieren</translation>
    </message>
    <message>
        <source>Show images labelled yes</source>
        <translation>Bilder mit Ja zeigen</translation>
    </message>
    <message>
        <source>Show suggested images</source>
        <translation>Vorgeschlagene Bilder zeigen</translation>
    </message>
    <message>
        <source>Accept likely images…</source>
        <translation>Wahrscheinliche Bilder übernehmen…</translation>
    </message>
    <message>
        <source>Category properties…</source>
        <translation>Eigenschaften der Kategorie…</translation>
    </message>
</context>
<context>
    <name>CardGrid</name>
    <message>
        <source>Cards</source>
        <translation>Karten</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>keine Antwort</translation>
    </message>
    <message>
        <source>Card {n} of {count}</source>
        <translation>Karte {n} von {count}</translation>
    </message>
</context>
<context>
    <name>CardPreview</name>
    <message>
        <source>Card, large</source>
        <translation>Karte, groß</translation>
    </message>
    <message>
        <source>All cards</source>
        <translation>Alle Karten</translation>
    </message>
    <message>
        <source>{reason}. You can still label it.</source>
        <translation>{reason}. Labeln ist trotzdem möglich.</translation>
    </message>
    <message>
        <source>This image cannot be shown</source>
        <translation>Dieses Bild lässt sich nicht anzeigen</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>Wird geladen…</translation>
    </message>
</context>
<context>
    <name>Cards</name>
    <message>
        <source>Saving…</source>
        <translation>Wird gespeichert…</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>Übersprungen</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>{n} near-duplicates, decided together</source>
        <translation>{n} fast gleiche Bilder, gemeinsam entschieden</translation>
    </message>
    <message>
        <source>Labelled yes</source>
        <translation>Label: Ja</translation>
    </message>
    <message>
        <source>Labelled no</source>
        <translation>Label: Nein</translation>
    </message>
</context>
<context>
    <name>CategoriesPlace</name>
    <message>
        <source>Categories</source>
        <translation>Kategorien</translation>
    </message>
    <message>
        <source>Find a category</source>
        <translation>Kategorie suchen</translation>
    </message>
    <message>
        <source>In groups</source>
        <translation>In Gruppen</translation>
    </message>
    <message>
        <source>Categories under the headings of their groups</source>
        <translation>Kategorien unter den Überschriften ihrer Gruppen</translation>
    </message>
    <message>
        <source>Archived</source>
        <translation>Archiviert</translation>
    </message>
    <message>
        <source>Number the first ten…</source>
        <translation>Erste zehn nummerieren…</translation>
    </message>
    <message>
        <source>Add categories…</source>
        <translation>Kategorien hinzufügen…</translation>
    </message>
    <message>
        <source>Merge…</source>
        <translation>Zusammenführen…</translation>
    </message>
    <message>
        <source>No categories yet</source>
        <translation>Noch keine Kategorien</translation>
    </message>
    <message>
        <source>Paste the names of what you look for, or add them one by one while you label.</source>
        <translation>Fügen Sie eine Liste von Namen ein, oder legen Sie Kategorien beim Labeln einzeln an.</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Properties…</source>
        <translation>Eigenschaften…</translation>
    </message>
    <message>
        <source>Merge into…</source>
        <translation>Zusammenführen mit…</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>Archivieren</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>Nach unten</translation>
    </message>
    <message>
        <source>Show its images</source>
        <translation>Bilder anzeigen</translation>
    </message>
    <message>
        <source>Archived ({n})</source>
        <translation>Archiviert ({n})</translation>
    </message>
    <message>
        <source>No category with “{text}” in one of its names ({n} in all).</source>
        <translation>Keine Kategorie mit „{text}“ in einem ihrer Namen (insgesamt {n}).</translation>
    </message>
    <message>
        <source>{n} category</source>
        <translation>{n} Kategorie</translation>
    </message>
    <message>
        <source>{n} categories</source>
        <translation>{n} Kategorien</translation>
    </message>
    <message>
        <source>Expand group</source>
        <translation>Gruppe aufklappen</translation>
    </message>
    <message>
        <source>Collapse group</source>
        <translation>Gruppe zuklappen</translation>
    </message>
    <message>
        <source>Collapse all groups</source>
        <translation>Alle Gruppen zuklappen</translation>
    </message>
    <message>
        <source>Expand all groups</source>
        <translation>Alle Gruppen aufklappen</translation>
    </message>
    <message>
        <source>“{other}” has the name “{name}” already. Merge “{category}” into it?</source>
        <translation>„{other}“ hat den Namen „{name}“ schon. „{category}“ damit zusammenführen?</translation>
    </message>
    <message>
        <source>The archived category “{other}” has the name “{name}” already.</source>
        <translation>Die archivierte Kategorie „{other}“ hat den Namen „{name}“ schon.</translation>
    </message>
    <message>
        <source>Rename “{category}”</source>
        <translation>„{category}“ umbenennen</translation>
    </message>
    <message>
        <source>Archive “{category}”</source>
        <translation>„{category}“ archivieren</translation>
    </message>
    <message>
        <source>“{category}” is archived. Its labels are kept; Undo or Restore brings it back.</source>
        <translation>„{category}“ ist archiviert. Die Labels bleiben erhalten; Rückgängig oder Wiederherstellen holt die Kategorie zurück.</translation>
    </message>
    <message>
        <source>Archive {n} categories</source>
        <translation>{n} Kategorien archivieren</translation>
    </message>
    <message>
        <source>{n} categories are archived. Their labels are kept; Undo brings all of them back.</source>
        <translation>{n} Kategorien sind archiviert. Ihre Labels bleiben; Rückgängig holt alle zurück.</translation>
    </message>
    <message>
        <source>Restore “{category}”</source>
        <translation>„{category}“ wiederherstellen</translation>
    </message>
    <message>
        <source>Move {n} category</source>
        <translation>{n} Kategorie verschieben</translation>
    </message>
    <message>
        <source>Move {n} categories</source>
        <translation>{n} Kategorien verschieben</translation>
    </message>
    <message>
        <source>Sort by # and clear the filter to move categories.</source>
        <translation>Zum Verschieben nach # sortieren und den Filter leeren.</translation>
    </message>
</context>
<context>
    <name>CategoryDelegate</name>
    <message>
        <source>New name</source>
        <translation>Neuer Name</translation>
    </message>
</context>
<context>
    <name>CategoryEntry</name>
    <message>
        <source>One name per line, or separated by commas. Leave this empty to add them while labelling.</source>
        <translation>Ein Name pro Zeile oder durch Kommas getrennt. Leer lassen, um Kategorien beim Labeln anzulegen.</translation>
    </message>
    <message>
        <source>Categories</source>
        <translation>Kategorien</translation>
    </message>
    <message>
        <source>From a file…</source>
        <translation>Aus Datei…</translation>
    </message>
    <message>
        <source>Category {number}</source>
        <translation>Kategorie {number}</translation>
    </message>
    <message>
        <source>No categories yet</source>
        <translation>Noch keine Kategorien</translation>
    </message>
    <message>
        <source>{n} category</source>
        <translation>{n} Kategorie</translation>
    </message>
    <message>
        <source>{n} categories</source>
        <translation>{n} Kategorien</translation>
    </message>
    <message>
        <source>repeated: {names}</source>
        <translation>doppelt: {names}</translation>
    </message>
    <message>
        <source>same category: {names}</source>
        <translation>dieselbe Kategorie: {names}</translation>
    </message>
    <message>
        <source>{n} empty line skipped</source>
        <translation>{n} leere Zeile übersprungen</translation>
    </message>
    <message>
        <source>{n} empty lines skipped</source>
        <translation>{n} leere Zeilen übersprungen</translation>
    </message>
    <message>
        <source>{names} (and {n} more)</source>
        <translation>{names} (und {n} weitere)</translation>
    </message>
</context>
<context>
    <name>CategoryList</name>
    <message>
        <source>Filter categories</source>
        <translation>Kategorien filtern</translation>
    </message>
    <message>
        <source>All categories</source>
        <translation>Alle Kategorien</translation>
    </message>
</context>
<context>
    <name>CategoryPanel</name>
    <message>
        <source>Category properties</source>
        <translation>Eigenschaften der Kategorie</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Other names</source>
        <translation>Weitere Namen</translation>
    </message>
    <message>
        <source>One on each line</source>
        <translation>Einer pro Zeile</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Beschreibung</translation>
    </message>
    <message>
        <source>Says yes to this category, whichever row it is in</source>
        <translation>Sagt Ja zu dieser Kategorie, in welcher Zeile sie auch steht</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Taste</translation>
    </message>
    <message>
        <source>What the name means to the image model</source>
        <translation>Was der Name für das Bildmodell bedeutet</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>Bedeutung</translation>
    </message>
    <message>
        <source>One on each line; {name} stands for the name</source>
        <translation>Einer pro Zeile; {name} steht für den Namen</translation>
    </message>
    <message>
        <source>Prompts</source>
        <translation>Prompts</translation>
    </message>
    <message>
        <source>A yes for this category counts as a yes for its parent, too</source>
        <translation>Ein Ja für diese Kategorie zählt auch als Ja für die Oberkategorie</translation>
    </message>
    <message>
        <source>Parent</source>
        <translation>Oberkategorie</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Gruppe</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Farbe</translation>
    </message>
    <message>
        <source>What fits the text best, without what was learned from labels</source>
        <translation>Was am besten zum Text passt, ohne das aus Labels Gelernte</translation>
    </message>
    <message>
        <source>Best by text</source>
        <translation>Am besten nach Text</translation>
    </message>
    <message>
        <source>Category properties: {category}</source>
        <translation>Eigenschaften der Kategorie: {category}</translation>
    </message>
    <message>
        <source>There is no category “{name}”, so it cannot be the parent.</source>
        <translation>Es gibt keine Kategorie „{name}“, sie kann also nicht die Oberkategorie sein.</translation>
    </message>
    <message>
        <source>Properties of {category}</source>
        <translation>Eigenschaften von {category}</translation>
    </message>
    <message>
        <source>Saved: {change}</source>
        <translation>Gespeichert: {change}</translation>
    </message>
</context>
<context>
    <name>CategoryTable</name>
    <message>
        <source>unknown word: no text score</source>
        <translation>unbekanntes Wort: kein Textwert</translation>
    </message>
    <message>
        <source>Your order: drag a row, or press Alt+Up and Alt+Down</source>
        <translation>Ihre Reihenfolge: Zeile ziehen oder Alt+Hoch und Alt+Runter drücken</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Kategorie</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>Taste</translation>
    </message>
    <message>
        <source>Pressing it says yes to this category</source>
        <translation>Diese Taste gibt der Kategorie ein Ja</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>Band</source>
        <translation>Häufigkeit</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>Average precision of the suggestions on labelled images; needs a few yes and no labels</source>
        <translation>Mittlere Präzision der Vorschläge auf gelabelten Bildern; braucht einige Ja- und Nein-Labels</translation>
    </message>
    <message>
        <source>Parent</source>
        <translation>Oberkategorie</translation>
    </message>
    <message>
        <source>A yes counts as a yes for the parent, too</source>
        <translation>Ein Ja zählt auch als Ja für die Oberkategorie</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>Gruppe</translation>
    </message>
    <message>
        <source>What the model reads</source>
        <translation>Was das Modell liest</translation>
    </message>
    <message>
        <source>Other names</source>
        <translation>Weitere Namen</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Änderung</translation>
    </message>
    <message>
        <source>Categories under both versions</source>
        <translation>Kategorien in beiden Versionen</translation>
    </message>
    <message>
        <source>Categories</source>
        <translation>Kategorien</translation>
    </message>
    <message>
        <source>No group</source>
        <translation>Ohne Gruppe</translation>
    </message>
    <message>
        <source>{n} category</source>
        <translation>{n} Kategorie</translation>
    </message>
    <message>
        <source>{n} categories</source>
        <translation>{n} Kategorien</translation>
    </message>
    <message>
        <source>Group {title}, {categories}, collapsed</source>
        <translation>Gruppe {title}, {categories}, zugeklappt</translation>
    </message>
    <message>
        <source>Group {title}, {categories}, expanded</source>
        <translation>Gruppe {title}, {categories}, aufgeklappt</translation>
    </message>
</context>
<context>
    <name>ChangedView</name>
    <message>
        <source>What changed</source>
        <translation>Was sich geändert hat</translation>
    </message>
    <message>
        <source>Nothing to compare yet</source>
        <translation>Noch nichts zu vergleichen</translation>
    </message>
    <message>
        <source>Press Compare on two versions. Images whose suggestions change appear here.</source>
        <translation>Bei zwei Versionen auf „Vergleichen“ klicken. Hier erscheinen Bilder, deren Vorschläge sich ändern.</translation>
    </message>
    <message>
        <source>The suggestions of {a} and {b} are the same on all undecided images.</source>
        <translation>Die Vorschläge von {a} und {b} sind auf allen offenen Bildern gleich.</translation>
    </message>
    <message>
        <source>No suggestion changes</source>
        <translation>Keine Änderung der Vorschläge</translation>
    </message>
    <message>
        <source>What changed: {a} → {b}</source>
        <translation>Was sich geändert hat: {a} → {b}</translation>
    </message>
    <message>
        <source>The {n} largest changes: {added} added, {removed} removed. Enter opens an image.</source>
        <translation>Die {n} größten Änderungen: {added} neu, {removed} entfallen. Eingabe öffnet ein Bild.</translation>
    </message>
    <message>
        <source>{n} suggestions change: {added} added, {removed} removed. Enter opens an image.</source>
        <translation>{n} Vorschläge ändern sich: {added} neu, {removed} entfallen. Eingabe öffnet ein Bild.</translation>
    </message>
    <message>
        <source>1 suggestion changes: {added} added, {removed} removed. Enter opens an image.</source>
        <translation>1 Vorschlag ändert sich: {added} neu, {removed} entfallen. Eingabe öffnet ein Bild.</translation>
    </message>
</context>
<context>
    <name>Checklist</name>
    <message>
        <source>Enough labels?</source>
        <translation>Genug Labels?</translation>
    </message>
    <message>
        <source>Labelled images</source>
        <translation>Gelabelte Bilder</translation>
    </message>
    <message>
        <source>Yes labels</source>
        <translation>Ja-Labels</translation>
    </message>
    <message>
        <source>Categories</source>
        <translation>Kategorien</translation>
    </message>
    <message>
        <source>Images with labels and features</source>
        <translation>Bilder mit Labels und Merkmalen</translation>
    </message>
    <message>
        <source>In the categories counted below</source>
        <translation>In den Kategorien, die darunter gezählt werden</translation>
    </message>
    <message>
        <source>With at least three yes and one no</source>
        <translation>Mit mindestens drei Ja und einem Nein</translation>
    </message>
    <message>
        <source>{have} of {want}</source>
        <translation>{have} von {want}</translation>
    </message>
    <message>
        <source>enough</source>
        <translation>genug</translation>
    </message>
    <message>
        <source>not enough yet</source>
        <translation>noch nicht genug</translation>
    </message>
</context>
<context>
    <name>ClosingQuestion</name>
    <message>
        <source>Keep open</source>
        <translation>Nicht schließen</translation>
    </message>
    <message>
        <source>Not everything is saved</source>
        <translation>Noch nicht alles gespeichert</translation>
    </message>
    <message>
        <source>Work is still running</source>
        <translation>Es laufen noch Aufgaben</translation>
    </message>
    <message>
        <source>Everything is saved</source>
        <translation>Alles ist gespeichert</translation>
    </message>
    <message>
        <source>The work has finished in the meantime.</source>
        <translation>Die Aufgaben sind inzwischen fertig.</translation>
    </message>
    <message>
        <source>Your labels are saved.</source>
        <translation>Ihre Labels sind gespeichert.</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>Anhalten und schließen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>{job}: {kept}</source>
        <translation>{job}: {kept}</translation>
    </message>
    <message>
        <source>{job} ({percent} %): {kept}</source>
        <translation>{job} ({percent}&#x202f;%): {kept}</translation>
    </message>
    <message>
        <source>{n} change is not saved yet: {changes}. If it still cannot be saved when you close, it is kept and offered when you next open the project.</source>
        <translation>{n} Änderung ist noch nicht gespeichert: {changes}. Gelingt es bis zum Schließen nicht, wird sie aufbewahrt und beim nächsten Öffnen des Projekts angeboten.</translation>
    </message>
    <message>
        <source>{n} changes are not saved yet: {changes}. If they still cannot be saved when you close, they are kept and offered when you next open the project.</source>
        <translation>{n} Änderungen sind noch nicht gespeichert: {changes}. Gelingt es bis zum Schließen nicht, werden sie aufbewahrt und beim nächsten Öffnen des Projekts angeboten.</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Decide</source>
        <translation>Entscheiden</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Projekt</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>In a review</source>
        <translation>Beim Prüfen</translation>
    </message>
    <message>
        <source>Suggestion {rank}</source>
        <translation>Vorschlag {rank}</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>Previous suggestion</source>
        <translation>Voriger Vorschlag</translation>
    </message>
    <message>
        <source>Next suggestion</source>
        <translation>Nächster Vorschlag</translation>
    </message>
    <message>
        <source>Add tag</source>
        <translation>Kategorie hinzufügen</translation>
    </message>
    <message>
        <source>Repeat</source>
        <translation>Letzte Antwort erneut</translation>
    </message>
    <message>
        <source>Reviewed</source>
        <translation>Geprüft</translation>
    </message>
    <message>
        <source>Done and next</source>
        <translation>Fertig und weiter</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Heat map</source>
        <translation>Heatmap</translation>
    </message>
    <message>
        <source>Previous image</source>
        <translation>Voriges Bild</translation>
    </message>
    <message>
        <source>Next image</source>
        <translation>Nächstes Bild</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Fit to window</source>
        <translation>An Fenster anpassen</translation>
    </message>
    <message>
        <source>Actual size</source>
        <translation>Originalgröße</translation>
    </message>
    <message>
        <source>Image grid</source>
        <translation>Bildraster</translation>
    </message>
    <message>
        <source>Single image</source>
        <translation>Einzelbild</translation>
    </message>
    <message>
        <source>Image list</source>
        <translation>Bildliste</translation>
    </message>
    <message>
        <source>Copy labels</source>
        <translation>Labels kopieren</translation>
    </message>
    <message>
        <source>Copy file path</source>
        <translation>Dateipfad kopieren</translation>
    </message>
    <message>
        <source>Show in file manager</source>
        <translation>Im Dateimanager anzeigen</translation>
    </message>
    <message>
        <source>Larger thumbnails</source>
        <translation>Größere Vorschaubilder</translation>
    </message>
    <message>
        <source>Smaller thumbnails</source>
        <translation>Kleinere Vorschaubilder</translation>
    </message>
    <message>
        <source>Review: find rare categories</source>
        <translation>Prüfen: seltene Kategorien finden</translation>
    </message>
    <message>
        <source>Review this category</source>
        <translation>Diese Kategorie prüfen</translation>
    </message>
    <message>
        <source>Accept likely images…</source>
        <translation>Wahrscheinliche übernehmen…</translation>
    </message>
    <message>
        <source>Filter images</source>
        <translation>Bilder filtern</translation>
    </message>
    <message>
        <source>Show or hide the filters</source>
        <translation>Filter ein- oder ausblenden</translation>
    </message>
    <message>
        <source>Sort images…</source>
        <translation>Bilder sortieren…</translation>
    </message>
    <message>
        <source>Save the query…</source>
        <translation>Abfrage speichern…</translation>
    </message>
    <message>
        <source>Saved and recent queries…</source>
        <translation>Gespeicherte und letzte Abfragen…</translation>
    </message>
    <message>
        <source>Show all images</source>
        <translation>Alle Bilder anzeigen</translation>
    </message>
    <message>
        <source>Find similar images</source>
        <translation>Ähnliche Bilder suchen</translation>
    </message>
    <message>
        <source>Show or stack near-duplicates</source>
        <translation>Fast gleiche Bilder zeigen oder stapeln</translation>
    </message>
    <message>
        <source>Run the query again</source>
        <translation>Abfrage neu ausführen</translation>
    </message>
    <message>
        <source>Categories: rename, merge, order</source>
        <translation>Kategorien verwalten</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Go forward</source>
        <translation>Vorwärts</translation>
    </message>
    <message>
        <source>Category properties…</source>
        <translation>Eigenschaften der Kategorie…</translation>
    </message>
    <message>
        <source>Import labels…</source>
        <translation>Labels importieren…</translation>
    </message>
    <message>
        <source>Export labels…</source>
        <translation>Labels exportieren…</translation>
    </message>
    <message>
        <source>Project settings…</source>
        <translation>Projekteinstellungen…</translation>
    </message>
    <message>
        <source>Scan image folders again</source>
        <translation>Bildordner erneut durchsuchen</translation>
    </message>
    <message>
        <source>Locate an image folder…</source>
        <translation>Bildordner neu zuordnen…</translation>
    </message>
    <message>
        <source>Find missing images in new files…</source>
        <translation>Fehlende Bilder in neuen Dateien suchen…</translation>
    </message>
    <message>
        <source>Show copies of the same file</source>
        <translation>Kopien derselben Datei anzeigen</translation>
    </message>
    <message>
        <source>Find duplicates that look alike…</source>
        <translation>Ähnlich aussehende Duplikate suchen…</translation>
    </message>
    <message>
        <source>Compute features for suggestions</source>
        <translation>Vorschläge vorbereiten</translation>
    </message>
    <message>
        <source>Image model…</source>
        <translation>Bildmodell…</translation>
    </message>
    <message>
        <source>Train: model versions</source>
        <translation>Training: Modellversionen</translation>
    </message>
    <message>
        <source>Insights: plots and the map</source>
        <translation>Auswertung: Diagramme und Karte</translation>
    </message>
    <message>
        <source>Start training</source>
        <translation>Training starten</translation>
    </message>
    <message>
        <source>Create all thumbnails now</source>
        <translation>Alle Vorschaubilder jetzt erzeugen</translation>
    </message>
    <message>
        <source>New project…</source>
        <translation>Neues Projekt…</translation>
    </message>
    <message>
        <source>Open project…</source>
        <translation>Projekt öffnen…</translation>
    </message>
    <message>
        <source>Try the demo</source>
        <translation>Demo ausprobieren</translation>
    </message>
    <message>
        <source>Close project</source>
        <translation>Projekt schließen</translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation>Befehl suchen</translation>
    </message>
    <message>
        <source>Context menu</source>
        <translation>Kontextmenü</translation>
    </message>
    <message>
        <source>Keys and help</source>
        <translation>Tasten und Hilfe</translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>System information…</source>
        <translation>Systeminformationen…</translation>
    </message>
    <message>
        <source>Jobs: pause, resume, stop</source>
        <translation>Aufgaben: pausieren, fortsetzen, anhalten</translation>
    </message>
    <message>
        <source>Go to the newest notice</source>
        <translation>Zur neuesten Meldung</translation>
    </message>
    <message>
        <source>Close the window</source>
        <translation>Fenster schließen</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Überspringen</translation>
    </message>
    <message>
        <source>Page done</source>
        <translation>Seite fertig</translation>
    </message>
    <message>
        <source>No for the rest of the page</source>
        <translation>Nein für den Rest der Seite</translation>
    </message>
    <message>
        <source>End the review</source>
        <translation>Prüfung beenden</translation>
    </message>
    <message>
        <source>accept confirm</source>
        <translation>annehmen bestätigen ja</translation>
    </message>
    <message>
        <source>reject</source>
        <translation>ablehnen nein</translation>
    </message>
    <message>
        <source>take back clear</source>
        <translation>zurücknehmen leeren unbekannt</translation>
    </message>
    <message>
        <source>above</source>
        <translation>darüber</translation>
    </message>
    <message>
        <source>below</source>
        <translation>darunter</translation>
    </message>
    <message>
        <source>category new label type</source>
        <translation>Schlagwort Tag Label neu tippen</translation>
    </message>
    <message>
        <source>last decision again</source>
        <translation>letzte Entscheidung nochmals</translation>
    </message>
    <message>
        <source>done finished</source>
        <translation>fertig erledigt</translation>
    </message>
    <message>
        <source>accept checked reviewed finish</source>
        <translation>angehakte übernehmen prüfen abschließen</translation>
    </message>
    <message>
        <source>where seen explain attention</source>
        <translation>wo gesehen erklären Aufmerksamkeit Wärmekarte</translation>
    </message>
    <message>
        <source>back</source>
        <translation>zurück</translation>
    </message>
    <message>
        <source>larger</source>
        <translation>größer</translation>
    </message>
    <message>
        <source>smaller</source>
        <translation>kleiner</translation>
    </message>
    <message>
        <source>100 % pixels</source>
        <translation>100&#x202f;% Pixel</translation>
    </message>
    <message>
        <source>library thumbnails</source>
        <translation>Bibliothek Miniaturen Raster</translation>
    </message>
    <message>
        <source>large view</source>
        <translation>große Ansicht</translation>
    </message>
    <message>
        <source>rows names density details</source>
        <translation>Zeilen Namen Dichte Einzelheiten</translation>
    </message>
    <message>
        <source>clipboard tags names</source>
        <translation>Zwischenablage Labels Namen</translation>
    </message>
    <message>
        <source>clipboard name location</source>
        <translation>Zwischenablage Name Ort</translation>
    </message>
    <message>
        <source>open folder explorer finder</source>
        <translation>Ordner öffnen Explorer Finder</translation>
    </message>
    <message>
        <source>pictures grid</source>
        <translation>Bilder Raster</translation>
    </message>
    <message>
        <source>board queue cards</source>
        <translation>Übersicht Warteschlange Karten</translation>
    </message>
    <message>
        <source>cards of the suggestion</source>
        <translation>Karten des Vorschlags</translation>
    </message>
    <message>
        <source>auto bulk threshold precision</source>
        <translation>automatisch viele Schwelle Präzision</translation>
    </message>
    <message>
        <source>query search find</source>
        <translation>Abfrage suchen finden</translation>
    </message>
    <message>
        <source>facets panel categories folders side</source>
        <translation>Facetten Kategorien Ordner Seite</translation>
    </message>
    <message>
        <source>order by name time score</source>
        <translation>Reihenfolge Name Zeit Wert</translation>
    </message>
    <message>
        <source>keep search favourite</source>
        <translation>behalten Suche Favorit</translation>
    </message>
    <message>
        <source>history favourites</source>
        <translation>Verlauf Favoriten</translation>
    </message>
    <message>
        <source>clear the query filter</source>
        <translation>Filter leeren</translation>
    </message>
    <message>
        <source>look alike near</source>
        <translation>sehen gleich aus nahe</translation>
    </message>
    <message>
        <source>open close group copies</source>
        <translation>öffnen schließen gruppieren kopien</translation>
    </message>
    <message>
        <source>refresh reload</source>
        <translation>aktualisieren neu laden</translation>
    </message>
    <message>
        <source>add paste archive restore parent group colour key table</source>
        <translation>hinzufügen einfügen umbenennen zusammenführen ordnen archivieren wiederherstellen Oberkategorie Gruppe Farbe Taste Tabelle</translation>
    </message>
    <message>
        <source>history last view before</source>
        <translation>Verlauf letzte Ansicht vorher</translation>
    </message>
    <message>
        <source>history next view after</source>
        <translation>Verlauf nächste Ansicht danach</translation>
    </message>
    <message>
        <source>rename aliases meaning sense prompts description</source>
        <translation>umbenennen Namen Bedeutung Prompts Beschreibung</translation>
    </message>
    <message>
        <source>read annotations COCO CSV YOLO VOC XMP file</source>
        <translation>lesen Annotationen COCO CSV YOLO VOC XMP Datei</translation>
    </message>
    <message>
        <source>write save annotations COCO CSV YOLO VOC file</source>
        <translation>schreiben speichern Annotationen COCO CSV YOLO VOC Datei</translation>
    </message>
    <message>
        <source>backup restore image folders add</source>
        <translation>Sicherung wiederherstellen Bildordner hinzufügen</translation>
    </message>
    <message>
        <source>new images rescan import</source>
        <translation>neue Bilder durchsuchen einlesen</translation>
    </message>
    <message>
        <source>relocate moved missing folder disk</source>
        <translation>verschoben fehlt Ordner Festplatte</translation>
    </message>
    <message>
        <source>relink moved renamed changed tagged</source>
        <translation>verschoben umbenannt geändert verknüpfen</translation>
    </message>
    <message>
        <source>exact duplicates identical</source>
        <translation>exakte Duplikate identisch</translation>
    </message>
    <message>
        <source>near similar copies</source>
        <translation>nahe ähnliche Kopien</translation>
    </message>
    <message>
        <source>index embed model</source>
        <translation>Index einlesen Modell</translation>
    </message>
    <message>
        <source>backbone change switch CLIP photo</source>
        <translation>Modell wechseln CLIP Foto</translation>
    </message>
    <message>
        <source>compare tune curves</source>
        <translation>vergleichen Kurven</translation>
    </message>
    <message>
        <source>statistics charts counts pace calibration embedding lasso</source>
        <translation>Statistik Diagramme Anzahl Tempo Kalibrierung Einbettung Lasso</translation>
    </message>
    <message>
        <source>tune new version resume</source>
        <translation>lernen neue Version fortsetzen</translation>
    </message>
    <message>
        <source>pictures small cache</source>
        <translation>Bilder klein Zwischenspeicher</translation>
    </message>
    <message>
        <source>create</source>
        <translation>anlegen erstellen</translation>
    </message>
    <message>
        <source>folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>example</source>
        <translation>Beispiel</translation>
    </message>
    <message>
        <source>start page recent projects</source>
        <translation>Startseite zuletzt geöffnet</translation>
    </message>
    <message>
        <source>commands palette</source>
        <translation>Befehle Palette</translation>
    </message>
    <message>
        <source>right click popup</source>
        <translation>rechtsklick popup</translation>
    </message>
    <message>
        <source>keyboard shortcuts</source>
        <translation>Tastenkürzel Tastatur</translation>
    </message>
    <message>
        <source>settings options theme dark light</source>
        <translation>Optionen Design dunkel hell Sprache</translation>
    </message>
    <message>
        <source>doctor report bug about version device diagnosis</source>
        <translation>Diagnose Bericht Fehler über Version Gerät</translation>
    </message>
    <message>
        <source>long work progress cancel</source>
        <translation>lange Arbeit Fortschritt abbrechen</translation>
    </message>
    <message>
        <source>notification message</source>
        <translation>Benachrichtigung Nachricht</translation>
    </message>
    <message>
        <source>exit quit</source>
        <translation>beenden verlassen</translation>
    </message>
    <message>
        <source>pass over later</source>
        <translation>auslassen später</translation>
    </message>
    <message>
        <source>next cards rank again</source>
        <translation>nächste Karten neu ordnen</translation>
    </message>
    <message>
        <source>reject all unmarked</source>
        <translation>alle übrigen ablehnen</translation>
    </message>
    <message>
        <source>stop summary</source>
        <translation>anhalten Zusammenfassung</translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <source>Comparison</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Choose two versions</source>
        <translation>Zwei Versionen wählen</translation>
    </message>
    <message>
        <source>Comparing {a} and {b}</source>
        <translation>{a} und {b} werden verglichen</translation>
    </message>
    <message>
        <source>Measured on today&apos;s labels; no image is scored with the help of its own label. In brackets: the range of the difference that the labels allow, with a confidence of 90 %.</source>
        <translation>Gemessen an den heutigen Labels; kein Bild wird mit Hilfe seines eigenen Labels bewertet. In Klammern: der Bereich, in dem der Unterschied nach diesen Labels mit 90&#xa0;% Sicherheit liegt.</translation>
    </message>
    <message>
        <source>Press Compare on two versions; the untrained model counts as one.</source>
        <translation>Klicken Sie bei zwei Versionen auf „Vergleichen“; das untrainierte Modell zählt als eine.</translation>
    </message>
    <message>
        <source>Both are tested on all labelled images; this takes a moment.</source>
        <translation>Beide werden an allen gelabelten Bildern getestet; das dauert einen Moment.</translation>
    </message>
    <message>
        <source>Waiting for other work to finish.</source>
        <translation>Wartet, bis andere Aufgaben fertig sind.</translation>
    </message>
    <message>
        <source>These versions cannot be compared now</source>
        <translation>Diese Versionen lassen sich jetzt nicht vergleichen</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Unterschied</translation>
    </message>
    <message>
        <source>There are too few labels to compare them.</source>
        <translation>Für einen Vergleich gibt es zu wenige Labels.</translation>
    </message>
    <message>
        <source>{version} is not better. {reason}</source>
        <translation>{version} ist nicht besser. {reason}</translation>
    </message>
    <message>
        <source>{version} is better. {reason}</source>
        <translation>{version} ist besser. {reason}</translation>
    </message>
    <message>
        <source>{difference} ({low} to {high})</source>
        <translation>{difference} ({low} bis {high})</translation>
    </message>
</context>
<context>
    <name>ConfirmLine</name>
    <message>
        <source>Enter again</source>
        <translation>Noch einmal Eingabe</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>{change}?</source>
        <translation>{change}?</translation>
    </message>
    <message>
        <source>Enter again: {change}</source>
        <translation>Noch einmal Eingabe: {change}</translation>
    </message>
</context>
<context>
    <name>ConflictTable</name>
    <message>
        <source>Keep mine</source>
        <translation>Meine behalten</translation>
    </message>
    <message>
        <source>Take the file&apos;s</source>
        <translation>Die der Datei nehmen</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Kategorie</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>Hier</translation>
    </message>
    <message>
        <source>In the file</source>
        <translation>In der Datei</translation>
    </message>
    <message>
        <source>Conflicts</source>
        <translation>Konflikte</translation>
    </message>
    <message>
        <source>{n} conflict</source>
        <translation>{n} Konflikt</translation>
    </message>
    <message>
        <source>{n} conflicts</source>
        <translation>{n} Konflikte</translation>
    </message>
</context>
<context>
    <name>Core</name>
    <message>
        <source>{device} has stopped working ({reason}); restart the program, and use the cpu if it happens again.</source>
        <translation>{device} arbeitet nicht mehr ({reason}); starten Sie das Programm neu, und verwenden Sie die CPU, wenn es wieder geschieht.</translation>
    </message>
    <message>
        <source>{n} of the {all} images of a batch do not fit in the memory of {device}; close other programs, use a smaller model or train on the cpu.</source>
        <translation>{n} der {all} Bilder eines Schritts passen nicht in den Speicher von {device}; schließen Sie andere Programme, verwenden Sie ein kleineres Modell, oder trainieren Sie auf der CPU.</translation>
    </message>
    <message>
        <source>The weights and the optimiser&apos;s state do not fit in the memory of {device}; use a smaller model or train on the cpu.</source>
        <translation>Gewichte und Zustand des Trainings passen nicht in den Speicher von {device}; verwenden Sie ein kleineres Modell, oder trainieren Sie auf der CPU.</translation>
    </message>
    <message>
        <source>A batch of {n} images does not fit in the memory of {device}.</source>
        <translation>{n} Bilder auf einmal passen nicht in den Speicher von {device}.</translation>
    </message>
    <message>
        <source>A batch of {n} images does not fit in the memory of {device} ({reason}).</source>
        <translation>{n} Bilder auf einmal passen nicht in den Speicher von {device} ({reason}).</translation>
    </message>
    <message>
        <source>{model} does not fit in the memory of {device}; use cpu.</source>
        <translation>{model} passt nicht in den Speicher von {device}; verwenden Sie die CPU.</translation>
    </message>
    <message>
        <source>There is no heat map for this image, because no patch tokens of it are stored. Compute the features again, with them.</source>
        <translation>Für dieses Bild gibt es keine Heatmap, weil seine Patch-Merkmale nicht gespeichert sind. Berechnen Sie die Merkmale mit ihnen neu.</translation>
    </message>
    <message>
        <source>{folder} holds no patch tokens; index again with them.</source>
        <translation>{folder} enthält keine Patch-Merkmale; berechnen Sie die Merkmale mit ihnen neu.</translation>
    </message>
    <message>
        <source>{path} is damaged; delete {folder} and index again.</source>
        <translation>{path} ist beschädigt; löschen Sie {folder} und berechnen Sie die Merkmale neu.</translation>
    </message>
    <message>
        <source>{n} images have no features yet (the first has id {id}); index again.</source>
        <translation>{n} Bilder haben noch keine Merkmale (das erste hat die Nummer {id}); berechnen Sie sie.</translation>
    </message>
    <message>
        <source>The device {device} cannot be used ({reason}); use cpu.</source>
        <translation>Das Gerät {device} ist nicht nutzbar ({reason}); verwenden Sie die CPU.</translation>
    </message>
    <message>
        <source>The model {model} has not been downloaded; allow the download, or give a model folder or a weights file.</source>
        <translation>Das Modell {model} wurde noch nicht heruntergeladen; laden Sie es herunter, oder geben Sie einen Modellordner oder eine Gewichtsdatei an.</translation>
    </message>
    <message>
        <source>The weights {weights} of {model} have not been downloaded; allow the download, or give a file, as in {form}.</source>
        <translation>Die Gewichte {weights} von {model} wurden noch nicht heruntergeladen; laden Sie sie herunter, oder geben Sie eine Datei an wie in {form}.</translation>
    </message>
    <message>
        <source>The weights of {model} are not installed; install them: {command}.</source>
        <translation>Die Gewichte von {model} sind nicht installiert; installieren Sie sie: {command}.</translation>
    </message>
    <message>
        <source>The weights file {file} is truncated or damaged ({reason}); download it again.</source>
        <translation>Die Gewichtsdatei {file} ist abgeschnitten oder beschädigt ({reason}); laden Sie sie erneut.</translation>
    </message>
    <message>
        <source>The weights file {file} cannot be read: {reason}.</source>
        <translation>Die Gewichtsdatei {file} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>{file} is not a weights file: use safetensors (or .pt, .pth, .bin).</source>
        <translation>{file} ist keine Gewichtsdatei: Verwenden Sie safetensors (oder .pt, .pth, .bin).</translation>
    </message>
    <message>
        <source>{file} cannot be loaded without running code in it, which is refused; convert it to safetensors if you trust it.</source>
        <translation>{file} lässt sich nicht laden, ohne Code darin auszuführen, was abgelehnt wird; wandeln Sie die Datei in safetensors um, wenn Sie ihr vertrauen.</translation>
    </message>
    <message>
        <source>{model} needs the package transformers for its text encoder; install it or use another model.</source>
        <translation>{model} braucht für seine Texte das Paket transformers; installieren Sie es, oder verwenden Sie ein anderes Modell.</translation>
    </message>
    <message>
        <source>{path} cannot be read ({reason}).</source>
        <translation>{path} ist nicht lesbar ({reason}).</translation>
    </message>
    <message>
        <source>A map needs at least {n} images with features.</source>
        <translation>Eine Karte braucht mindestens {n} Bilder mit Merkmalen.</translation>
    </message>
</context>
<context>
    <name>CountBars</name>
    <message>
        <source>{category}, {band}: {yes} yes, {no} no, {implied} no by review</source>
        <translation>{category}, {band}: {yes} Ja, {no} Nein, {implied} Nein durch Prüfung</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>no by review</source>
        <translation>Nein durch Prüfung</translation>
    </message>
    <message>
        <source>yes, {band}</source>
        <translation>Ja, {band}</translation>
    </message>
</context>
<context>
    <name>Counts</name>
    <message>
        <source>{n} image</source>
        <translation>{n} Bild</translation>
    </message>
    <message>
        <source>{n} images</source>
        <translation>{n} Bilder</translation>
    </message>
    <message>
        <source>{n} label</source>
        <translation>{n} Label</translation>
    </message>
    <message>
        <source>{n} labels</source>
        <translation>{n} Labels</translation>
    </message>
    <message>
        <source>{n} answer</source>
        <translation>{n} Antwort</translation>
    </message>
    <message>
        <source>{n} answers</source>
        <translation>{n} Antworten</translation>
    </message>
    <message>
        <source>{n} change</source>
        <translation>{n} Änderung</translation>
    </message>
    <message>
        <source>{n} changes</source>
        <translation>{n} Änderungen</translation>
    </message>
    <message>
        <source>{n} category</source>
        <translation>{n} Kategorie</translation>
    </message>
    <message>
        <source>{n} categories</source>
        <translation>{n} Kategorien</translation>
    </message>
    <message>
        <source>{n} class</source>
        <translation>{n} Klasse</translation>
    </message>
    <message>
        <source>{n} classes</source>
        <translation>{n} Klassen</translation>
    </message>
    <message>
        <source>{n} file</source>
        <translation>{n} Datei</translation>
    </message>
    <message>
        <source>{n} files</source>
        <translation>{n} Dateien</translation>
    </message>
    <message>
        <source>{n} empty label file</source>
        <translation>{n} leere Labeldatei</translation>
    </message>
    <message>
        <source>{n} empty label files</source>
        <translation>{n} leere Labeldateien</translation>
    </message>
    <message>
        <source>{n} sidecar</source>
        <translation>{n} Begleitdatei</translation>
    </message>
    <message>
        <source>{n} sidecars</source>
        <translation>{n} Begleitdateien</translation>
    </message>
    <message>
        <source>{n} keyword</source>
        <translation>{n} Stichwort</translation>
    </message>
    <message>
        <source>{n} keywords</source>
        <translation>{n} Stichwörter</translation>
    </message>
    <message>
        <source>{n} annotation</source>
        <translation>{n} Annotation</translation>
    </message>
    <message>
        <source>{n} annotations</source>
        <translation>{n} Annotationen</translation>
    </message>
    <message>
        <source>{n} undecided image</source>
        <translation>{n} offenes Bild</translation>
    </message>
    <message>
        <source>{n} undecided images</source>
        <translation>{n} offene Bilder</translation>
    </message>
    <message>
        <source>{n} yes label</source>
        <translation>{n} Ja-Label</translation>
    </message>
    <message>
        <source>{n} yes labels</source>
        <translation>{n} Ja-Labels</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>Something went wrong in Tailspotter</source>
        <translation>In Tailspotter ist ein Fehler aufgetreten</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>The last action was not carried out. Decisions saved before it are safe. You can continue; if this happens again, please report it with the text below.</source>
        <translation>Die letzte Aktion wurde nicht ausgeführt. Zuvor gespeicherte Entscheidungen sind sicher. Sie können weiterarbeiten; tritt der Fehler erneut auf, melden Sie ihn bitte mit dem Text unten.</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Copy the report</source>
        <translation>Bericht kopieren</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>CurveChart</name>
    <message>
        <source>No numbers yet</source>
        <translation>Noch keine Zahlen</translation>
    </message>
    <message>
        <source>Part {part} of {parts}, epoch {epoch} of {epochs}: {numbers}</source>
        <translation>Teil {part} von {parts}, Epoche {epoch} von {epochs}: {numbers}</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>fold {n}</source>
        <translation>Fold {n}</translation>
    </message>
    <message>
        <source>all images</source>
        <translation>alle Bilder</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
</context>
<context>
    <name>Details</name>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
</context>
<context>
    <name>Devices</name>
    <message>
        <source>CPU: asked for</source>
        <translation>CPU: so gewählt</translation>
    </message>
    <message>
        <source>CPU: no CUDA device found</source>
        <translation>CPU: kein CUDA-Gerät gefunden</translation>
    </message>
    <message>
        <source>CPU: CUDA cannot be used: {reason}</source>
        <translation>CPU: CUDA ist nicht nutzbar: {reason}</translation>
    </message>
    <message>
        <source>CUDA: {name}, asked for, {precision}</source>
        <translation>CUDA: {name}, so gewählt, {precision}</translation>
    </message>
    <message>
        <source>{choice}, {precision} as asked</source>
        <translation>{choice}, {precision} wie gewählt</translation>
    </message>
</context>
<context>
    <name>DistributionStrip</name>
    <message>
        <source>Yes labels of {n} category</source>
        <translation>Ja-Labels von {n} Kategorie</translation>
    </message>
    <message>
        <source>Yes labels of {n} categories</source>
        <translation>Ja-Labels von {n} Kategorien</translation>
    </message>
    <message>
        <source>{category}: {n} yes</source>
        <translation>{category}: {n} Ja</translation>
    </message>
    <message>
        <source>{category}: {band}, {n} yes</source>
        <translation>{category}: {band}, {n} Ja</translation>
    </message>
</context>
<context>
    <name>Domain</name>
    <message>
        <source>{images} would become yes for {category}.</source>
        <translation>Ja für {category} bekämen: {images}.</translation>
    </message>
    <message>
        <source>About {errors} of them are expected to be wrong; with 90 % confidence, at most {errors_high}.</source>
        <translation>Davon sind etwa {errors} voraussichtlich falsch; mit 90&#x202f;% Sicherheit höchstens {errors_high}.</translation>
    </message>
    <message>
        <source>They score {threshold} or above, a threshold based on {labels} verified by a person. About {missed} more are expected below it.</source>
        <translation>Ihr Wert liegt bei {threshold} oder darüber; diese Schwelle beruht auf {labels}, von einer Person geprüft. Etwa {missed} weitere werden darunter erwartet.</translation>
    </message>
    <message>
        <source>A category needs a name; the given one is empty.</source>
        <translation>Eine Kategorie braucht einen Namen; der angegebene ist leer.</translation>
    </message>
    <message>
        <source>The category name {text}... is longer than {max_name_length} characters.</source>
        <translation>Der Kategoriename {text}… ist länger als {max_name_length} Zeichen.</translation>
    </message>
    <message>
        <source>The category name {name} is not valid text: character {at} is an undecodable byte or half a character; write the name in UTF-8.</source>
        <translation>Der Kategoriename {name} ist kein gültiger Text: Zeichen {at} ist ein nicht lesbares Byte oder ein halbes Zeichen; schreiben Sie den Namen in UTF-8.</translation>
    </message>
    <message>
        <source>free some space and try again</source>
        <translation>Platz schaffen und erneut versuchen</translation>
    </message>
    <message>
        <source>the connection to the network folder was lost</source>
        <translation>die Verbindung zum Netzwerkordner ist abgebrochen</translation>
    </message>
    <message>
        <source>connect it again and try again</source>
        <translation>neu verbinden und erneut versuchen</translation>
    </message>
    <message>
        <source>permission denied</source>
        <translation>Zugriff verweigert</translation>
    </message>
    <message>
        <source>check its permissions or choose another place</source>
        <translation>Berechtigungen prüfen oder einen anderen Ort wählen</translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation>die Festplatte ist voll</translation>
    </message>
    <message>
        <source>your disk quota is used up</source>
        <translation>Ihr Speicherkontingent ist aufgebraucht</translation>
    </message>
    <message>
        <source>files as large as that are not allowed there</source>
        <translation>so große Dateien sind dort nicht erlaubt</translation>
    </message>
    <message>
        <source>choose another place</source>
        <translation>einen anderen Ort wählen</translation>
    </message>
    <message>
        <source>the disk is mounted read-only</source>
        <translation>die Festplatte ist schreibgeschützt eingebunden</translation>
    </message>
    <message>
        <source>the disk reported an error</source>
        <translation>die Festplatte meldet einen Fehler</translation>
    </message>
    <message>
        <source>check the disk and the connection to it</source>
        <translation>Festplatte und Verbindung prüfen</translation>
    </message>
    <message>
        <source>there is not enough memory</source>
        <translation>der Arbeitsspeicher reicht nicht aus</translation>
    </message>
    <message>
        <source>close other programs and try again</source>
        <translation>andere Programme schließen und erneut versuchen</translation>
    </message>
    <message>
        <source>the disk is no longer connected</source>
        <translation>die Festplatte ist nicht mehr verbunden</translation>
    </message>
    <message>
        <source>connect it and try again</source>
        <translation>verbinden und erneut versuchen</translation>
    </message>
    <message>
        <source>the name is too long</source>
        <translation>der Name ist zu lang</translation>
    </message>
    <message>
        <source>choose a shorter one</source>
        <translation>einen kürzeren wählen</translation>
    </message>
    <message>
        <source>too many files are open</source>
        <translation>zu viele Dateien sind geöffnet</translation>
    </message>
    <message>
        <source>camera raw</source>
        <translation>Kamera-Rohdaten</translation>
    </message>
    <message>
        <source>drawing</source>
        <translation>Zeichnung</translation>
    </message>
    <message>
        <source>video</source>
        <translation>Video</translation>
    </message>
    <message>
        <source>medical volume</source>
        <translation>medizinisches Volumen</translation>
    </message>
    <message>
        <source>microscope image</source>
        <translation>Mikroskopbild</translation>
    </message>
    <message>
        <source>slide</source>
        <translation>Objektträger-Scan</translation>
    </message>
    <message>
        <source>array</source>
        <translation>Array</translation>
    </message>
    <message>
        <source>icon</source>
        <translation>Symbol</translation>
    </message>
    <message>
        <source>old picture format</source>
        <translation>altes Bildformat</translation>
    </message>
    <message>
        <source>{kind}, not supported yet</source>
        <translation>{kind}, noch nicht unterstützt</translation>
    </message>
    <message>
        <source>archive, unpack it first</source>
        <translation>Archiv, zuerst entpacken</translation>
    </message>
    <message>
        <source>{kind}; give the names a suffix such as .jpg</source>
        <translation>{kind}; den Namen eine Endung wie .jpg geben</translation>
    </message>
    <message>
        <source>{n} other file ({names})</source>
        <translation>{n} andere Datei ({names})</translation>
    </message>
    <message>
        <source>{n} other files ({names})</source>
        <translation>{n} andere Dateien ({names})</translation>
    </message>
    <message>
        <source>without suffix</source>
        <translation>ohne Endung</translation>
    </message>
</context>
<context>
    <name>DuplicatesPanel</name>
    <message>
        <source>Duplicates</source>
        <translation>Duplikate</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Show in the library</source>
        <translation>In der Bibliothek zeigen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>{n} group of duplicates</source>
        <translation>{n} Gruppe von Duplikaten</translation>
    </message>
    <message>
        <source>{n} groups of duplicates</source>
        <translation>{n} Gruppen von Duplikaten</translation>
    </message>
    <message>
        <source>There are no duplicates</source>
        <translation>Es gibt keine Duplikate</translation>
    </message>
    <message>
        <source>and {n} more image</source>
        <translation>und {n} weiteres Bild</translation>
    </message>
    <message>
        <source>and {n} more images</source>
        <translation>und {n} weitere Bilder</translation>
    </message>
    <message>
        <source>Group {n}: {kind}</source>
        <translation>Gruppe {n}: {kind}</translation>
    </message>
    <message>
        <source>the same file</source>
        <translation>dieselbe Datei</translation>
    </message>
    <message>
        <source>the same picture with other metadata</source>
        <translation>dasselbe Bild mit anderen Metadaten</translation>
    </message>
    <message>
        <source>pictures that look alike</source>
        <translation>Bilder, die gleich aussehen</translation>
    </message>
</context>
<context>
    <name>Editors</name>
    <message>
        <source> MB</source>
        <translation> MB</translation>
    </message>
    <message>
        <source> %</source>
        <translation>&#x202f;%</translation>
    </message>
    <message>
        <source>{n} px</source>
        <translation>{n} px</translation>
    </message>
</context>
<context>
    <name>Exchange</name>
    <message>
        <source>In the file, but not in this project</source>
        <translation>In der Datei, aber nicht in diesem Projekt</translation>
    </message>
    <message>
        <source>Left out: the name fits an image in another folder</source>
        <translation>Ausgelassen: Der Name passt zu einem Bild in einem anderen Ordner</translation>
    </message>
    <message>
        <source>Left out: an image has a similar name</source>
        <translation>Ausgelassen: Ein Bild hat einen ähnlichen Namen</translation>
    </message>
    <message>
        <source>Left out: several images are possible</source>
        <translation>Ausgelassen: Mehrere Bilder kommen in Frage</translation>
    </message>
    <message>
        <source>Left out: another name in the file fits the image better</source>
        <translation>Ausgelassen: Ein anderer Name der Datei passt besser zum Bild</translation>
    </message>
    <message>
        <source>… and {n} more</source>
        <translation>… und {n} weitere</translation>
    </message>
    <message>
        <source>{n} label</source>
        <translation>{n} Label</translation>
    </message>
    <message>
        <source>{n} labels</source>
        <translation>{n} Labels</translation>
    </message>
    <message>
        <source>{n} image</source>
        <translation>{n} Bild</translation>
    </message>
    <message>
        <source>{n} images</source>
        <translation>{n} Bilder</translation>
    </message>
    <message>
        <source>{labels} on {images}</source>
        <translation>{labels}, {images}</translation>
    </message>
    <message>
        <source>{n} image marked as reviewed</source>
        <translation>{n} Bild als geprüft markiert</translation>
    </message>
    <message>
        <source>{n} images marked as reviewed</source>
        <translation>{n} Bilder als geprüft markiert</translation>
    </message>
    <message>
        <source>{n} suggestion to review</source>
        <translation>{n} Vorschlag zum Prüfen</translation>
    </message>
    <message>
        <source>{n} suggestions to review</source>
        <translation>{n} Vorschläge zum Prüfen</translation>
    </message>
    <message>
        <source>{n} new category</source>
        <translation>{n} neue Kategorie</translation>
    </message>
    <message>
        <source>{n} new categories</source>
        <translation>{n} neue Kategorien</translation>
    </message>
    <message>
        <source>The file names no images.</source>
        <translation>Die Datei nennt keine Bilder.</translation>
    </message>
    <message>
        <source>No image of the file is certainly in this project.</source>
        <translation>Kein Bild der Datei ist sicher in diesem Projekt.</translation>
    </message>
    <message>
        <source>Nothing new, except where the file disagrees with this project.</source>
        <translation>Nichts Neues, außer wo die Datei diesem Projekt widerspricht.</translation>
    </message>
    <message>
        <source>Nothing new: this project has all labels of the file.</source>
        <translation>Nichts Neues: Dieses Projekt hat alle Labels der Datei.</translation>
    </message>
    <message>
        <source>{matched} of {n} image in the file found in this project</source>
        <translation>{matched} von {n} Bild der Datei in diesem Projekt gefunden</translation>
    </message>
    <message>
        <source>{matched} of {n} images in the file found in this project</source>
        <translation>{matched} von {n} Bildern der Datei in diesem Projekt gefunden</translation>
    </message>
    <message>
        <source>{n} label is here already</source>
        <translation>{n} Label ist schon da</translation>
    </message>
    <message>
        <source>{n} labels are here already</source>
        <translation>{n} Labels sind schon da</translation>
    </message>
    <message>
        <source>{format}: {facts}.</source>
        <translation>{format}: {facts}.</translation>
    </message>
    <message>
        <source>Import {n} label</source>
        <translation>{n} Label importieren</translation>
    </message>
    <message>
        <source>Import {n} labels</source>
        <translation>{n} Labels importieren</translation>
    </message>
    <message>
        <source>Mark {n} image as reviewed</source>
        <translation>{n} Bild als geprüft markieren</translation>
    </message>
    <message>
        <source>Mark {n} images as reviewed</source>
        <translation>{n} Bilder als geprüft markieren</translation>
    </message>
    <message>
        <source>Import {n} suggestion</source>
        <translation>{n} Vorschlag importieren</translation>
    </message>
    <message>
        <source>Import {n} suggestions</source>
        <translation>{n} Vorschläge importieren</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>Nothing new was imported.</source>
        <translation>Nichts Neues wurde importiert.</translation>
    </message>
    <message>
        <source>Imported {words}.</source>
        <translation>Importiert: {words}.</translation>
    </message>
    <message>
        <source>Left out of the import</source>
        <translation>Beim Import ausgelassen</translation>
    </message>
    <message>
        <source>The file contradicts itself; neither answer is used</source>
        <translation>Die Datei widerspricht sich; keine der Antworten wird verwendet</translation>
    </message>
    <message>
        <source>Accepted matches</source>
        <translation>Angenommene Zuordnungen</translation>
    </message>
    <message>
        <source>Matched after decoding the name</source>
        <translation>Nach dem Entschlüsseln des Namens zugeordnet</translation>
    </message>
    <message>
        <source>Several entries for one image, merged</source>
        <translation>Mehrere Einträge für ein Bild, zusammengeführt</translation>
    </message>
    <message>
        <source>New categories</source>
        <translation>Neue Kategorien</translation>
    </message>
    <message>
        <source>Names that are one category here</source>
        <translation>Namen, die hier eine Kategorie sind</translation>
    </message>
    <message>
        <source>Categories without a label in the file, not created</source>
        <translation>Kategorien ohne Label in der Datei, nicht angelegt</translation>
    </message>
    <message>
        <source>Conflicts: here, in the file</source>
        <translation>Konflikte: hier, in der Datei</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>offen</translation>
    </message>
    <message>
        <source>Holds yes, no and unknown, and which images are reviewed.</source>
        <translation>Enthält Ja, Nein und Offen und welche Bilder geprüft sind.</translation>
    </message>
    <message>
        <source>Holds yes, no and unknown, but not which images are reviewed.</source>
        <translation>Enthält Ja, Nein und Offen, aber nicht, welche Bilder geprüft sind.</translation>
    </message>
    <message>
        <source>Holds yes, and which images were reviewed and have nothing on them.</source>
        <translation>Enthält Ja und welche Bilder geprüft und leer sind.</translation>
    </message>
    <message>
        <source>Holds yes, and which images are reviewed.</source>
        <translation>Enthält Ja und welche Bilder geprüft sind.</translation>
    </message>
    <message>
        <source>Holds yes only; no and unknown become the same.</source>
        <translation>Enthält nur Ja; Nein und Offen werden gleich.</translation>
    </message>
    <message>
        <source>Exported {labels} on {images} to {name} ({size}).</source>
        <translation>Nach {name} exportiert: {labels}, {images} ({size}).</translation>
    </message>
    <message>
        <source>Images in each part: {parts}.</source>
        <translation>Bilder je Teil: {parts}.</translation>
    </message>
    <message>
        <source>Too few images to be in every part: {categories}.</source>
        <translation>Zu wenige Bilder, um in jedem Teil zu sein: {categories}.</translation>
    </message>
    <message>
        <source>Data card: {name}.</source>
        <translation>Datenblatt: {name}.</translation>
    </message>
    <message>
        <source>There are no images to export.</source>
        <translation>Es gibt keine Bilder zum Exportieren.</translation>
    </message>
    <message>
        <source>{n} yes label</source>
        <translation>{n} Ja-Label</translation>
    </message>
    <message>
        <source>{n} yes labels</source>
        <translation>{n} Ja-Labels</translation>
    </message>
    <message>
        <source>{n} category</source>
        <translation>{n} Kategorie</translation>
    </message>
    <message>
        <source>{n} categories</source>
        <translation>{n} Kategorien</translation>
    </message>
    <message>
        <source>{labels} on {images}, {categories}.</source>
        <translation>{labels}, {images}, {categories}.</translation>
    </message>
    <message>
        <source>{n} image without an answer is left out.</source>
        <translation>{n} Bild ohne Antwort wird ausgelassen.</translation>
    </message>
    <message>
        <source>{n} images without an answer are left out.</source>
        <translation>{n} Bilder ohne Antwort werden ausgelassen.</translation>
    </message>
    <message>
        <source>{n} image is left out: its file is missing or cannot be read.</source>
        <translation>{n} Bild wird ausgelassen: Seine Datei fehlt oder ist nicht lesbar.</translation>
    </message>
    <message>
        <source>{n} images are left out: their files are missing or cannot be read.</source>
        <translation>{n} Bilder werden ausgelassen: Ihre Dateien fehlen oder sind nicht lesbar.</translation>
    </message>
    <message>
        <source>Drop to look for labels in {name}; nothing is imported yet</source>
        <translation>Ablegen, um in {name} nach Labels zu suchen; noch wird nichts importiert</translation>
    </message>
    <message>
        <source>{project}: {words}</source>
        <translation>{project}: {words}</translation>
    </message>
    <message>
        <source>Undo reverts all of it.</source>
        <translation>Rückgängig nimmt alles zurück.</translation>
    </message>
    <message>
        <source>{n} entry was left out.</source>
        <translation>{n} Eintrag wurde ausgelassen.</translation>
    </message>
    <message>
        <source>{n} entries were left out.</source>
        <translation>{n} Einträge wurden ausgelassen.</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>Ordner anzeigen</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>Nichts wurde geändert.</translation>
    </message>
</context>
<context>
    <name>ExportPanel</name>
    <message>
        <source>Export labels</source>
        <translation>Labels exportieren</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Images whose file is missing or cannot be read, too</source>
        <translation>Auch Bilder, deren Datei fehlt oder nicht lesbar ist</translation>
    </message>
    <message>
        <source>Only images with an answer or a review</source>
        <translation>Nur Bilder mit Antwort oder Prüfung</translation>
    </message>
    <message>
        <source>Split into train, val and test</source>
        <translation>In train, val und test aufteilen</translation>
    </message>
    <message>
        <source>Not split</source>
        <translation>Nicht aufgeteilt</translation>
    </message>
    <message>
        <source>Data card: counts, sources, model and expected errors</source>
        <translation>Datenblatt: Zahlen, Quellen, Modell und erwartete Fehler</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>Ordner anzeigen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Train / val / test</source>
        <translation>train / val / test</translation>
    </message>
    <message>
        <source>All ({n} image)</source>
        <translation>Alle ({n} Bild)</translation>
    </message>
    <message>
        <source>All ({n} images)</source>
        <translation>Alle ({n} Bilder)</translation>
    </message>
    <message>
        <source>Of the query {query} ({n} image)</source>
        <translation>Der Abfrage {query} ({n} Bild)</translation>
    </message>
    <message>
        <source>Of the query {query} ({n} images)</source>
        <translation>Der Abfrage {query} ({n} Bilder)</translation>
    </message>
    <message>
        <source>Selected ({n} image)</source>
        <translation>Ausgewählte ({n} Bild)</translation>
    </message>
    <message>
        <source>Selected ({n} images)</source>
        <translation>Ausgewählte ({n} Bilder)</translation>
    </message>
    <message>
        <source>Exporting…</source>
        <translation>Wird exportiert…</translation>
    </message>
    <message>
        <source>{name} is there already. Choose another name for the export.</source>
        <translation>{name} gibt es schon. Wählen Sie einen anderen Namen für den Export.</translation>
    </message>
</context>
<context>
    <name>FacetPanel</name>
    <message>
        <source>Filters</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Hide the filters</source>
        <translation>Filter ausblenden</translation>
    </message>
    <message>
        <source>Search filters</source>
        <translation>Filter suchen</translation>
    </message>
    <message>
        <source>counts of all images</source>
        <translation>Anzahl in allen Bildern</translation>
    </message>
    <message>
        <source>Show these images</source>
        <translation>Diese Bilder anzeigen</translation>
    </message>
    <message>
        <source>Count the images</source>
        <translation>Bilder zählen</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen…</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Only: {filter}</source>
        <translation>Nur: {filter}</translation>
    </message>
    <message>
        <source>Without: {filter}</source>
        <translation>Ohne: {filter}</translation>
    </message>
    <message>
        <source>Or: {filter}</source>
        <translation>Oder: {filter}</translation>
    </message>
    <message>
        <source>Yes: {category}</source>
        <translation>Ja: {category}</translation>
    </message>
    <message>
        <source>No: {category}</source>
        <translation>Nein: {category}</translation>
    </message>
    <message>
        <source>Unknown: {category}</source>
        <translation>Offen: {category}</translation>
    </message>
    <message>
        <source>Or: {category}</source>
        <translation>Oder: {category}</translation>
    </message>
    <message>
        <source>Sort by score: {category}</source>
        <translation>Nach Wert sortieren: {category}</translation>
    </message>
</context>
<context>
    <name>FacetTree</name>
    <message>
        <source>Filters</source>
        <translation>Filter</translation>
    </message>
</context>
<context>
    <name>Features</name>
    <message>
        <source>The image model does not know the word {category}; add another name for it, or label a few images.</source>
        <translation>Das Bildmodell kennt das Wort {category} nicht; geben Sie der Kategorie einen weiteren Namen, oder labeln Sie einige Bilder.</translation>
    </message>
    <message>
        <source>Loading the image model</source>
        <translation>Bildmodell wird geladen</translation>
    </message>
    <message>
        <source>The image folder {folder} is gone; put it back and index again.</source>
        <translation>Der Bildordner {folder} ist verschwunden; stellen Sie ihn wieder her und berechnen Sie die Merkmale neu.</translation>
    </message>
    <message>
        <source>The backbone&apos;s weights have changed: all images are embedded again.</source>
        <translation>Die Gewichte des Bildmodells haben sich geändert: Alle Merkmale werden neu berechnet.</translation>
    </message>
    <message>
        <source>{error} The project keeps its image model {used} until {name} is chosen again.</source>
        <translation>{error} Das Projekt behält sein Bildmodell {used}, bis {name} erneut gewählt wird.</translation>
    </message>
    <message>
        <source>Indexing was stopped after {embedded} of {in_run} images; run it again for the rest.</source>
        <translation>Die Berechnung wurde nach {embedded} von {in_run} Bildern angehalten; starten Sie sie erneut für den Rest.</translation>
    </message>
    <message>
        <source>{path} cannot be written</source>
        <translation>{path} lässt sich nicht schreiben</translation>
    </message>
    <message>
        <source>The images of this project have no features yet; compute them with &apos;tailspotter index&apos;.</source>
        <translation>Die Bilder dieses Projekts haben noch keine Merkmale; berechnen Sie sie mit „Merkmale für Vorschläge berechnen“.</translation>
    </message>
    <message>
        <source>This project has no images yet; put some in its image folder, then run &apos;tailspotter scan&apos;.</source>
        <translation>Dieses Projekt hat noch keine Bilder; legen Sie welche in den Bildordner und durchsuchen Sie ihn.</translation>
    </message>
    <message>
        <source>None of the images of this project can be read ({missing} missing, {unreadable} unreadable); restore or replace the files, then run &apos;tailspotter scan&apos;.</source>
        <translation>Keines der Bilder dieses Projekts ist lesbar ({missing} fehlen, {unreadable} nicht lesbar); stellen Sie die Dateien wieder her und durchsuchen Sie die Bildordner erneut.</translation>
    </message>
    <message>
        <source>The backbone&apos;s weights have changed since the images were indexed; compute their features again with &apos;tailspotter index&apos;.</source>
        <translation>Die Gewichte des Bildmodells haben sich seit der letzten Berechnung geändert; berechnen Sie die Merkmale neu.</translation>
    </message>
    <message>
        <source>The project already uses the image model {new}.</source>
        <translation>Das Projekt verwendet das Bildmodell {new} bereits.</translation>
    </message>
    <message>
        <source>The image model of this project is not being changed.</source>
        <translation>Das Bildmodell dieses Projekts wird gerade nicht gewechselt.</translation>
    </message>
    <message>
        <source>{place} cannot be removed</source>
        <translation>{place} lässt sich nicht entfernen</translation>
    </message>
    <message>
        <source>The image model {name} is in use; change to another one before removing it.</source>
        <translation>Das Bildmodell {name} ist in Gebrauch; wechseln Sie zu einem anderen, bevor Sie es entfernen.</translation>
    </message>
    <message>
        <source>The project is changing to the image model {name}; abandon the change first.</source>
        <translation>Das Projekt wechselt gerade zum Bildmodell {name}; brechen Sie den Wechsel zuerst ab.</translation>
    </message>
    <message>
        <source>The features of {name} are the same as those of {used}, which are needed.</source>
        <translation>Die Merkmale von {name} sind dieselben wie die von {used}, die gebraucht werden.</translation>
    </message>
    <message>
        <source>There are no features of the image model {name} in this project.</source>
        <translation>In diesem Projekt gibt es keine Merkmale des Bildmodells {name}.</translation>
    </message>
    <message>
        <source>The features of {count} images need {size} and the disk that holds {folder} has {size_2} left; free {size_3} and index again.</source>
        <translation>Die Merkmale von {count} Bildern brauchen {size}, und auf der Festplatte mit {folder} sind {size_2} frei; schaffen Sie {size_3} Platz und starten Sie erneut.</translation>
    </message>
</context>
<context>
    <name>FileDialogs</name>
    <message>
        <source>Choose a file with labels</source>
        <translation>Datei mit Labels wählen</translation>
    </message>
    <message>
        <source>Choose a folder with label files</source>
        <translation>Ordner mit Labeldateien wählen</translation>
    </message>
    <message>
        <source>Export labels to a file</source>
        <translation>Labels in eine Datei exportieren</translation>
    </message>
    <message>
        <source>Export labels to a new folder</source>
        <translation>Labels in einen neuen Ordner exportieren</translation>
    </message>
    <message>
        <source>Save the report</source>
        <translation>Bericht speichern</translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>UTF-8 with a byte order mark</source>
        <translation>UTF-8 mit Byte-Reihenfolge-Marke</translation>
    </message>
    <message>
        <source>{path} is not JSON: {reason}.</source>
        <translation>{path} ist kein JSON: {reason}.</translation>
    </message>
    <message>
        <source>{path} is nested too deeply to be an annotation file.</source>
        <translation>{path} ist für eine Annotationsdatei zu tief verschachtelt.</translation>
    </message>
    <message>
        <source>{path} is too large for this machine&apos;s memory; split it.</source>
        <translation>{path} ist zu groß für den Arbeitsspeicher dieses Rechners; teilen Sie die Datei auf.</translation>
    </message>
    <message>
        <source>{path} contains a number that cannot be read: {error}.</source>
        <translation>{path} enthält eine nicht lesbare Zahl: {error}.</translation>
    </message>
    <message>
        <source>line {lineno}, column {colno}</source>
        <translation>Zeile {lineno}, Spalte {colno}</translation>
    </message>
    <message>
        <source>it ends in the middle ({place}), so it seems to be cut off; copy or download it again</source>
        <translation>sie endet mittendrin ({place}) und scheint abgeschnitten zu sein; kopieren oder laden Sie sie neu</translation>
    </message>
    <message>
        <source>there is a comma too many before {place}; remove it</source>
        <translation>vor {place} steht ein Komma zu viel; entfernen Sie es</translation>
    </message>
    <message>
        <source>{msg} at {place}</source>
        <translation>{msg} bei {place}</translation>
    </message>
    <message>
        <source>split it, or remove fields that are not needed, such as segmentations</source>
        <translation>teilen Sie sie auf oder entfernen Sie unnötige Felder, etwa Segmentierungen</translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}.</source>
        <translation>{path} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>{path} is not UTF-8 text; it looks like UTF-16 or a binary file. Save it as UTF-8.</source>
        <translation>{path} ist kein UTF-8-Text, sondern wohl UTF-16 oder eine Binärdatei. Speichern Sie die Datei als UTF-8.</translation>
    </message>
    <message>
        <source>{path} is not UTF-8 text (line {line}, column {column}); save it as UTF-8.</source>
        <translation>{path} ist kein UTF-8-Text (Zeile {line}, Spalte {column}); speichern Sie die Datei als UTF-8.</translation>
    </message>
    <message>
        <source>Encoding {name}</source>
        <translation>Zeichenkodierung {name}</translation>
    </message>
    <message>
        <source> (a guess: name the encoding if letters are wrong)</source>
        <translation> (geraten: geben Sie die Kodierung an, wenn Buchstaben falsch sind)</translation>
    </message>
    <message>
        <source>{path} changed while it was read; try again when it is complete.</source>
        <translation>{path} wurde beim Lesen geändert; versuchen Sie es erneut, wenn die Datei vollständig ist.</translation>
    </message>
    <message>
        <source>{path} is not text, but a binary file.</source>
        <translation>{path} ist kein Text, sondern eine Binärdatei.</translation>
    </message>
    <message>
        <source>{path} is not {found} text (line {fault_at}); save it as UTF-8.</source>
        <translation>{path} ist kein {found}-Text (Zeile {fault_at}); speichern Sie die Datei als UTF-8.</translation>
    </message>
    <message>
        <source>split it into several files</source>
        <translation>teilen Sie sie in mehrere Dateien auf</translation>
    </message>
    <message>
        <source>is not a file</source>
        <translation>ist keine Datei</translation>
    </message>
    <message>
        <source>does not exist</source>
        <translation>gibt es nicht</translation>
    </message>
    <message>
        <source>{path} has {size} bytes, more than the limit of {max_bytes}; {advice}.</source>
        <translation>{path} hat {size} Byte, mehr als die Grenze von {max_bytes}; {advice}.</translation>
    </message>
    <message>
        <source>The encoding {encoding} is not known; write for example cp1252.</source>
        <translation>Die Kodierung {encoding} ist unbekannt; schreiben Sie zum Beispiel cp1252.</translation>
    </message>
    <message>
        <source>it is not text in its encoding</source>
        <translation>sie ist kein Text in ihrer Kodierung</translation>
    </message>
    <message>
        <source>The folder {parent} does not exist; create it or choose another one.</source>
        <translation>Den Ordner {parent} gibt es nicht; legen Sie ihn an oder wählen Sie einen anderen.</translation>
    </message>
    <message>
        <source>{path} is a folder; name a file in it, for example {path_2}.</source>
        <translation>{path} ist ein Ordner; nennen Sie eine Datei darin, zum Beispiel {path_2}.</translation>
    </message>
    <message>
        <source>{path} exists and is not a {suffix} file; choose another name for the export.</source>
        <translation>{path} existiert und ist keine {suffix}-Datei; wählen Sie einen anderen Namen für den Export.</translation>
    </message>
    <message>
        <source>{target} cannot be written: {reason}.</source>
        <translation>{target} lässt sich nicht schreiben: {reason}.</translation>
    </message>
</context>
<context>
    <name>Filters</name>
    <message>
        <source>Saved queries</source>
        <translation>Gespeicherte Abfragen</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Categories</source>
        <translation>Kategorien</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Labels by</source>
        <translation>Herkunft der Labels</translation>
    </message>
    <message>
        <source>Reviewed</source>
        <translation>Geprüft</translation>
    </message>
    <message>
        <source>Not reviewed</source>
        <translation>Nicht geprüft</translation>
    </message>
    <message>
        <source>Review outdated</source>
        <translation>Prüfung veraltet</translation>
    </message>
    <message>
        <source>Labelled</source>
        <translation>Gelabelt</translation>
    </message>
    <message>
        <source>Not labelled</source>
        <translation>Nicht gelabelt</translation>
    </message>
    <message>
        <source>Picture replaced</source>
        <translation>Bild ersetzt</translation>
    </message>
    <message>
        <source>File missing</source>
        <translation>Datei fehlt</translation>
    </message>
    <message>
        <source>Not readable</source>
        <translation>Nicht lesbar</translation>
    </message>
    <message>
        <source>You, one by one</source>
        <translation>Selbst, einzeln</translation>
    </message>
    <message>
        <source>You, in bulk</source>
        <translation>Selbst, mehrere auf einmal</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>{n} image</source>
        <translation>{n} Bild</translation>
    </message>
    <message>
        <source>{n} images</source>
        <translation>{n} Bilder</translation>
    </message>
    <message>
        <source>{band} category</source>
        <translation>Kategorie: {band}</translation>
    </message>
    <message>
        <source>in the query</source>
        <translation>in der Abfrage</translation>
    </message>
    <message>
        <source>excluded by the query</source>
        <translation>von der Abfrage ausgeschlossen</translation>
    </message>
    <message>
        <source>unknown, in the query</source>
        <translation>offen, in der Abfrage</translation>
    </message>
    <message>
        <source>Click: only these. Alt+click: without. Shift+click: or.</source>
        <translation>Klick: nur diese. Alt+Klick: ohne. Umschalt+Klick: oder.</translation>
    </message>
    <message>
        <source>Click: yes. Alt+click: no. Middle click: unknown. Shift+click: or.</source>
        <translation>Klick: Ja. Alt+Klick: Nein. Mittelklick: Offen. Umschalt+Klick: oder.</translation>
    </message>
    <message>
        <source>Show fewer</source>
        <translation>Weniger anzeigen</translation>
    </message>
    <message>
        <source>{n} more</source>
        <translation>{n} weitere</translation>
    </message>
</context>
<context>
    <name>Findings</name>
    <message>
        <source>What the file does not say is no</source>
        <translation>Was die Datei nicht sagt, ist Nein</translation>
    </message>
    <message>
        <source>For files in which every image was checked for every category; the images count as reviewed</source>
        <translation>Für Dateien, bei denen jedes Bild auf jede Kategorie geprüft wurde; die Bilder zählen als geprüft</translation>
    </message>
    <message>
        <source>Accept {n} likely match by file name</source>
        <translation>{n} wahrscheinliche Zuordnung nach Dateinamen annehmen</translation>
    </message>
    <message>
        <source>Accept {n} likely matches by file name</source>
        <translation>{n} wahrscheinliche Zuordnungen nach Dateinamen annehmen</translation>
    </message>
    <message>
        <source>“{name}” means that nothing is on the image</source>
        <translation>„{name}“ heißt, dass nichts auf dem Bild ist</translation>
    </message>
    <message>
        <source>{title} ({n})</source>
        <translation>{title} ({n})</translation>
    </message>
</context>
<context>
    <name>FlipGrid</name>
    <message>
        <source>Changed suggestions</source>
        <translation>Geänderte Vorschläge</translation>
    </message>
    <message>
        <source>added</source>
        <translation>neu</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>entfallen</translation>
    </message>
</context>
<context>
    <name>FolderList</name>
    <message>
        <source>Add another folder</source>
        <translation>Weiteren Ordner hinzufügen</translation>
    </message>
    <message>
        <source>Choose the folder with the images.</source>
        <translation>Ordner mit den Bildern wählen.</translation>
    </message>
    <message>
        <source>Looking at the folder …</source>
        <translation>Ordner wird angesehen…</translation>
    </message>
    <message>
        <source>{folder} is listed twice.</source>
        <translation>{folder} steht zweimal in der Liste.</translation>
    </message>
    <message>
        <source>{inner} is inside {outer}, whose images include it; remove one of them.</source>
        <translation>{inner} liegt in {outer}, dessen Bilder ihn einschließen; entfernen Sie einen der beiden.</translation>
    </message>
</context>
<context>
    <name>FolderRow</name>
    <message>
        <source>Type a path, or drop a folder here</source>
        <translation>Pfad eingeben oder Ordner hierher ziehen</translation>
    </message>
    <message>
        <source>Image folder</source>
        <translation>Bildordner</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen…</translation>
    </message>
    <message>
        <source>Browse for the image folder</source>
        <translation>Nach dem Bildordner suchen</translation>
    </message>
    <message>
        <source>Remove this folder</source>
        <translation>Diesen Ordner entfernen</translation>
    </message>
    <message>
        <source>Open this project</source>
        <translation>Dieses Projekt öffnen</translation>
    </message>
    <message>
        <source>This image folder does not exist.</source>
        <translation>Diesen Bildordner gibt es nicht.</translation>
    </message>
    <message>
        <source>This is a file. Choose the folder that holds the images.</source>
        <translation>Das ist eine Datei. Wählen Sie den Ordner mit den Bildern.</translation>
    </message>
    <message>
        <source>This folder cannot be read: {reason}.</source>
        <translation>Dieser Ordner ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>{n} image so far …</source>
        <translation>Bisher {n} Bild…</translation>
    </message>
    <message>
        <source>{n} images so far …</source>
        <translation>Bisher {n} Bilder…</translation>
    </message>
    <message>
        <source>There are no images in this folder.</source>
        <translation>In diesem Ordner sind keine Bilder.</translation>
    </message>
    <message>
        <source>There are no images in this folder. Skipped: {files}.</source>
        <translation>In diesem Ordner sind keine Bilder. Übersprungen: {files}.</translation>
    </message>
    <message>
        <source>{n} image</source>
        <translation>{n} Bild</translation>
    </message>
    <message>
        <source>{n} images</source>
        <translation>{n} Bilder</translation>
    </message>
    <message>
        <source>{images}. Preparing the suggestions takes a while; you can label from the start.</source>
        <translation>{images}. Die Vorschläge vorzubereiten dauert eine Weile; labeln können Sie sofort.</translation>
    </message>
    <message>
        <source>Choose the folder with the images</source>
        <translation>Ordner mit den Bildern wählen</translation>
    </message>
    <message>
        <source>{images}; the folder is missing</source>
        <translation>{images}; der Ordner fehlt</translation>
    </message>
</context>
<context>
    <name>FormatOptions</name>
    <message>
        <source>Encoding</source>
        <translation>Zeichenkodierung</translation>
    </message>
    <message>
        <source>Columns are separated by</source>
        <translation>Spalten sind getrennt durch</translation>
    </message>
    <message>
        <source>Categories in one cell are separated by</source>
        <translation>Kategorien in einer Zelle sind getrennt durch</translation>
    </message>
    <message>
        <source>Of a keyword tree</source>
        <translation>Von einem Stichwortbaum</translation>
    </message>
    <message>
        <source>Least confidence of detections</source>
        <translation>Mindestsicherheit von Erkennungen</translation>
    </message>
    <message>
        <source>For Excel (with a byte order mark)</source>
        <translation>Für Excel (mit Byte-Reihenfolge-Marke)</translation>
    </message>
    <message>
        <source>Image files</source>
        <translation>Bilddateien</translation>
    </message>
    <message>
        <source>Commas</source>
        <translation>Kommas</translation>
    </message>
    <message>
        <source>Semicolons</source>
        <translation>Semikolons</translation>
    </message>
    <message>
        <source>Tabs</source>
        <translation>Tabulatoren</translation>
    </message>
    <message>
        <source>Vertical bars</source>
        <translation>Senkrechte Striche</translation>
    </message>
    <message>
        <source>The last keyword</source>
        <translation>Das letzte Stichwort</translation>
    </message>
    <message>
        <source>Parents, too</source>
        <translation>Auch die übergeordneten</translation>
    </message>
    <message>
        <source>Not included</source>
        <translation>Nicht enthalten</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>Linked</source>
        <translation>Verlinkt</translation>
    </message>
</context>
<context>
    <name>GalleryView</name>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
</context>
<context>
    <name>GridCell</name>
    <message>
        <source>Image {position} of {count}</source>
        <translation>Bild {position} von {count}</translation>
    </message>
    <message>
        <source>selected</source>
        <translation>ausgewählt</translation>
    </message>
    <message>
        <source>not selected</source>
        <translation>nicht ausgewählt</translation>
    </message>
    <message>
        <source>Cannot be shown: {reason}.</source>
        <translation>Nicht anzeigbar: {reason}.</translation>
    </message>
    <message>
        <source>{n} near-duplicates after it</source>
        <translation>{n} fast gleiche Bilder danach</translation>
    </message>
    <message>
        <source>{n} near-duplicate after it</source>
        <translation>{n} fast gleiches Bild danach</translation>
    </message>
    <message>
        <source>{n} near-duplicate behind it</source>
        <translation>{n} fast gleiches Bild darunter</translation>
    </message>
    <message>
        <source>{n} near-duplicates behind it</source>
        <translation>{n} fast gleiche Bilder darunter</translation>
    </message>
    <message>
        <source>reviewed</source>
        <translation>geprüft</translation>
    </message>
    <message>
        <source>{n} suggestion</source>
        <translation>{n} Vorschlag</translation>
    </message>
    <message>
        <source>{n} suggestions</source>
        <translation>{n} Vorschläge</translation>
    </message>
    <message>
        <source>yes: {names}</source>
        <translation>Ja: {names}</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>fehlt</translation>
    </message>
    <message>
        <source>unreadable</source>
        <translation>nicht lesbar</translation>
    </message>
    <message>
        <source>{n} labels</source>
        <translation>{n} Labels</translation>
    </message>
</context>
<context>
    <name>HeatOverlay</name>
    <message>
        <source>Highlight a suggestion to see where the model sees it.</source>
        <translation>Heben Sie einen Vorschlag hervor, um zu sehen, wo das Modell ihn sieht.</translation>
    </message>
    <message>
        <source>Computing the heat map…</source>
        <translation>Heatmap wird berechnet…</translation>
    </message>
    <message>
        <source>The heat map is waiting for another job. Pause that job to see the map now.</source>
        <translation>Die Heatmap wartet auf eine andere Aufgabe. Pausieren Sie diese, um die Heatmap jetzt zu sehen.</translation>
    </message>
    <message>
        <source>Computing the heat map… The first one takes a few seconds.</source>
        <translation>Heatmap wird berechnet… Die erste braucht einige Sekunden.</translation>
    </message>
    <message>
        <source>Where the trained version sees {category}</source>
        <translation>Wo die trainierte Version {category} sieht</translation>
    </message>
    <message>
        <source>Where {category} is seen, judging by its text</source>
        <translation>Wo {category} zu sehen ist, nach dem Text zu urteilen</translation>
    </message>
    <message>
        <source>Heat map: {words}</source>
        <translation>Heatmap: {words}</translation>
    </message>
</context>
<context>
    <name>HelpPage</name>
    <message>
        <source>Keys and help</source>
        <translation>Tasten und Hilfe</translation>
    </message>
    <message>
        <source>Search commands</source>
        <translation>Befehle suchen</translation>
    </message>
    <message>
        <source>Change keys…</source>
        <translation>Tasten ändern…</translation>
    </message>
    <message>
        <source>System information…</source>
        <translation>Systeminformationen…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Letter keys are off while you type in a field. On keyboards for other scripts, letters are where a US keyboard has them, and the digits of the top row need no Shift.</source>
        <translation>Buchstabentasten sind aus, während Sie in ein Feld tippen. Auf Tastaturen für andere Schriften liegen Buchstaben dort, wo eine US-Tastatur sie hat; die Ziffern der oberen Reihe brauchen keine Umschalttaste.</translation>
    </message>
    <message>
        <source>Commands and their keys</source>
        <translation>Befehle und ihre Tasten</translation>
    </message>
    <message>
        <source>Yes to a suggestion or a category</source>
        <translation>Ja zu einem Vorschlag oder einer Kategorie</translation>
    </message>
    <message>
        <source>to</source>
        <translation>bis</translation>
    </message>
</context>
<context>
    <name>HelpRow</name>
    <message>
        <source>no key</source>
        <translation>keine Taste</translation>
    </message>
</context>
<context>
    <name>ImageCanvas</name>
    <message>
        <source>Image</source>
        <translation>Bild</translation>
    </message>
</context>
<context>
    <name>ImageFolders</name>
    <message>
        <source>Where is {folder} now?</source>
        <translation>Wo ist {folder} jetzt?</translation>
    </message>
    <message>
        <source>Which image folder was moved?</source>
        <translation>Welcher Bildordner wurde verschoben?</translation>
    </message>
    <message>
        <source>Image folders scanned. {result}</source>
        <translation>Bildordner durchsucht. {result}</translation>
    </message>
    <message>
        <source>{n} image file was replaced after it was labelled.</source>
        <translation>{n} Bilddatei wurde nach dem Labeln ersetzt.</translation>
    </message>
    <message>
        <source>{n} image files were replaced after they were labelled.</source>
        <translation>{n} Bilddateien wurden nach dem Labeln ersetzt.</translation>
    </message>
    <message>
        <source>Labels are kept, but reviews do not count until you have checked the images.</source>
        <translation>Labels bleiben, aber Prüfungen zählen erst wieder, wenn Sie die Bilder angesehen haben.</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Anzeigen</translation>
    </message>
    <message>
        <source>{n} missing image seems to have been moved and changed.</source>
        <translation>{n} fehlendes Bild wurde anscheinend verschoben und geändert.</translation>
    </message>
    <message>
        <source>{n} missing images seem to have been moved and changed.</source>
        <translation>{n} fehlende Bilder wurden anscheinend verschoben und geändert.</translation>
    </message>
    <message>
        <source>Its labels are kept. Say whether the new file shows the same image.</source>
        <translation>Seine Labels bleiben. Sagen Sie, ob die neue Datei dasselbe Bild zeigt.</translation>
    </message>
    <message>
        <source>Their labels are kept. Say which new files show the same images.</source>
        <translation>Ihre Labels bleiben. Sagen Sie, welche neuen Dateien dieselben Bilder zeigen.</translation>
    </message>
    <message>
        <source>Show…</source>
        <translation>Anzeigen…</translation>
    </message>
    <message>
        <source>Looked at every five minutes only: {folders} ({reasons}).</source>
        <translation>Nur alle fünf Minuten angesehen: {folders} ({reasons}).</translation>
    </message>
</context>
<context>
    <name>ImageModelPanel</name>
    <message>
        <source>Image model</source>
        <translation>Bildmodell</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>Aufbewahrt</translation>
    </message>
    <message>
        <source>Another image model</source>
        <translation>Ein anderes Bildmodell</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>Wechseln</translation>
    </message>
    <message>
        <source>Download…</source>
        <translation>Herunterladen…</translation>
    </message>
    <message>
        <source>Download another image model</source>
        <translation>Ein anderes Bildmodell herunterladen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>ViT-B-32@/path/weights.safetensors, or local-dir:/folder</source>
        <translation>ViT-B-32@/pfad/weights.safetensors oder local-dir:/ordner</translation>
    </message>
    <message>
        <source>Labels stay. The current model remains in use until the new features are complete, and its features are kept, so that you can switch back immediately.</source>
        <translation>Labels bleiben. Das jetzige Modell bleibt in Gebrauch, bis die neuen Merkmale vollständig sind; seine Merkmale bleiben erhalten, so dass Sie sofort zurückwechseln können.</translation>
    </message>
    <message>
        <source>In use: {name}</source>
        <translation>In Gebrauch: {name}</translation>
    </message>
    <message>
        <source>Features of {images} of {all} images, {size}</source>
        <translation>Merkmale von {images} der {all} Bilder, {size}</translation>
    </message>
</context>
<context>
    <name>ImageModels</name>
    <message>
        <source>{name} names no weights. Write {name}@FILE, or {name}@TAG.</source>
        <translation>{name} nennt keine Gewichte. Schreiben Sie {name}@DATEI oder {name}@TAG.</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>Small and fast</source>
        <translation>Klein und schnell</translation>
    </message>
    <message>
        <source>Wildlife</source>
        <translation>Wildtiere</translation>
    </message>
    <message>
        <source>Satellite and aerial images</source>
        <translation>Satelliten- und Luftbilder</translation>
    </message>
    <message>
        <source>Medical images</source>
        <translation>Medizinische Bilder</translation>
    </message>
    <message>
        <source>Demo</source>
        <translation>Demo</translation>
    </message>
    <message>
        <source>Photo model (EfficientNet-Lite2)</source>
        <translation>Fotomodell (EfficientNet-Lite2)</translation>
    </message>
    <message>
        <source>Photo model, faster (EfficientNet-Lite0)</source>
        <translation>Fotomodell, schneller (EfficientNet-Lite0)</translation>
    </message>
    <message>
        <source>Demo model</source>
        <translation>Demomodell</translation>
    </message>
    <message>
        <source>Photographs of animals, vehicles, tools, plants and food; understands English nouns.</source>
        <translation>Fotos von Tieren, Fahrzeugen, Werkzeugen, Pflanzen und Essen; versteht englische Substantive.</translation>
    </message>
    <message>
        <source>As the photo model, in half the time and slightly less accurate.</source>
        <translation>Wie das Fotomodell, in der halben Zeit und etwas weniger genau.</translation>
    </message>
    <message>
        <source>Knows drawings, not photographs.</source>
        <translation>Kennt Zeichnungen, keine Fotos.</translation>
    </message>
    <message>
        <source>The usual first CLIP: any subject, any English text.</source>
        <translation>Das übliche erste CLIP: jedes Motiv, jeder englische Text.</translation>
    </message>
    <message>
        <source>More accurate than LAION-2B at about the same speed.</source>
        <translation>Genauer als LAION-2B bei etwa gleichem Tempo.</translation>
    </message>
    <message>
        <source>Sees finer details than ViT-B/32; several times slower.</source>
        <translation>Sieht feinere Einzelheiten als ViT-B/32; mehrmals langsamer.</translation>
    </message>
    <message>
        <source>Accurate and large; needs a graphics card for more than a few thousand images.</source>
        <translation>Genau und groß; braucht ab einigen tausend Bildern eine Grafikkarte.</translation>
    </message>
    <message>
        <source>Trained on strictly filtered image-text pairs.</source>
        <translation>Auf streng gefilterten Bild-Text-Paaren trainiert.</translation>
    </message>
    <message>
        <source>Recent model of Meta for images and video frames.</source>
        <translation>Neueres Modell von Meta für Bilder und Videobilder.</translation>
    </message>
    <message>
        <source>Category names in many languages.</source>
        <translation>Kategorienamen in vielen Sprachen.</translation>
    </message>
    <message>
        <source>A small download that sees fine details.</source>
        <translation>Ein kleiner Download, der feine Einzelheiten sieht.</translation>
    </message>
    <message>
        <source>The smallest CLIP here, made for phones.</source>
        <translation>Das kleinste CLIP hier, für Telefone gemacht.</translation>
    </message>
    <message>
        <source>Between S0 and a ViT-B/16.</source>
        <translation>Zwischen S0 und einem ViT-B/16.</translation>
    </message>
    <message>
        <source>Animals, plants and fungi by species: trained on 450,000 taxa.</source>
        <translation>Tiere, Pflanzen und Pilze nach Arten: auf 450.000 Taxa trainiert.</translation>
    </message>
    <message>
        <source>More accurate than BioCLIP, and three times as large.</source>
        <translation>Genauer als BioCLIP und dreimal so groß.</translation>
    </message>
    <message>
        <source>Satellite and aerial images: trained on 5 million of them.</source>
        <translation>Satelliten- und Luftbilder: auf 5 Millionen davon trainiert.</translation>
    </message>
    <message>
        <source>Microscope images of tissue. For research, not for diagnosis.</source>
        <translation>Mikroskopbilder von Gewebe. Für Forschung, nicht für Diagnosen.</translation>
    </message>
    <message>
        <source>Photographs</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Recommended for photographs; works offline.</source>
        <translation>Für Fotos empfohlen; funktioniert ohne Netz.</translation>
    </message>
    <message>
        <source>Photographs, faster</source>
        <translation>Fotos, schneller</translation>
    </message>
    <message>
        <source>For very many photographs or a slow computer; works offline.</source>
        <translation>Für sehr viele Fotos oder einen langsamen Rechner; funktioniert ohne Netz.</translation>
    </message>
    <message>
        <source>Knows drawings, not photographs; works offline.</source>
        <translation>Kennt Zeichnungen, keine Fotos; funktioniert ohne Netz.</translation>
    </message>
    <message>
        <source>The package {package} is missing; install it (pip install {package}).</source>
        <translation>Das Paket {package} fehlt; installieren Sie es (pip install {package}).</translation>
    </message>
    <message>
        <source>size not known</source>
        <translation>Größe unbekannt</translation>
    </message>
    <message>
        <source>needs {package}</source>
        <translation>braucht {package}</translation>
    </message>
    <message>
        <source>to be checked</source>
        <translation>zu prüfen</translation>
    </message>
    <message>
        <source>Checking the image model</source>
        <translation>Bildmodell wird geprüft</translation>
    </message>
    <message>
        <source>The check of the image model cannot be stored in {path}: {reason}.</source>
        <translation>Das Ergebnis der Prüfung des Bildmodells lässt sich nicht in {path} ablegen: {reason}.</translation>
    </message>
    <message>
        <source>The lock {path} cannot be used: {reason}.</source>
        <translation>Die Sperre {path} ist nicht nutzbar: {reason}.</translation>
    </message>
    <message>
        <source>The download was stopped while it waited for another one.</source>
        <translation>Der Download wurde angehalten, während er auf einen anderen wartete.</translation>
    </message>
    <message>
        <source>Waiting for another download</source>
        <translation>Wartet auf einen anderen Download</translation>
    </message>
    <message>
        <source>{name} is part of the installation; there is nothing to download.</source>
        <translation>{name} gehört zur Installation; es gibt nichts herunterzuladen.</translation>
    </message>
    <message>
        <source>{name} is on this disk already; check it with &apos;tailspotter backbones check&apos;.</source>
        <translation>{name} liegt schon auf dieser Festplatte; prüfen Sie es in den Einstellungen unter „Bildmodelle“.</translation>
    </message>
    <message>
        <source>; did you mean {names}?</source>
        <translation>; meinten Sie {names}?</translation>
    </message>
    <message>
        <source>; hf-hub:ORGANISATION/MODEL names others.</source>
        <translation>; hf-hub:ORGANISATION/MODEL nennt andere.</translation>
    </message>
    <message>
        <source>{name} is not in the list of image models (tailspotter backbones list){known}</source>
        <translation>{name} steht nicht in der Liste der Bildmodelle{known}</translation>
    </message>
    <message>
        <source>{repository} on {host} has no {names}: it is not a model for open_clip; choose another one.</source>
        <translation>{repository} auf {host} hat keine Datei {names}: Es ist kein Modell für open_clip; wählen Sie ein anderes.</translation>
    </message>
    <message>
        <source>{plan} needs {size} and the disk of {parent} has {size_2} left; free {size_3}, or set HF_HOME to a folder on another disk.</source>
        <translation>{plan} braucht {size}, und auf der Festplatte mit {parent} sind {size_2} frei; schaffen Sie {size_3} Platz, oder setzen Sie HF_HOME auf einen Ordner einer anderen Festplatte.</translation>
    </message>
    <message>
        <source>Downloading {plan}</source>
        <translation>{plan} wird heruntergeladen</translation>
    </message>
    <message>
        <source>{name} needs the package {project}; install it (pip install {project}) or choose another model.</source>
        <translation>{name} braucht das Paket {project}; installieren Sie es (pip install {project}), oder wählen Sie ein anderes Modell.</translation>
    </message>
    <message>
        <source>{name} has not been downloaded; download it first (tailspotter backbones download {name}), or choose another image model.</source>
        <translation>{name} wurde noch nicht heruntergeladen; laden Sie es zuerst herunter (tailspotter backbones download {name}), oder wählen Sie ein anderes Bildmodell.</translation>
    </message>
    <message>
        <source>The downloaded models cannot be listed: {reason}.</source>
        <translation>Die heruntergeladenen Modelle lassen sich nicht auflisten: {reason}.</translation>
    </message>
    <message>
        <source>Not in the list; see its page on the hub.</source>
        <translation>Nicht in der Liste; siehe seine Seite auf dem Hub.</translation>
    </message>
    <message>
        <source>see its page</source>
        <translation>siehe seine Seite</translation>
    </message>
    <message>
        <source>{name} is part of the installation and cannot be removed.</source>
        <translation>{name} gehört zur Installation und lässt sich nicht entfernen.</translation>
    </message>
    <message>
        <source>{name} is not a downloaded image model; &apos;tailspotter backbones list&apos; shows those that are.</source>
        <translation>{name} ist kein heruntergeladenes Bildmodell; die Einstellungen zeigen unter „Bildmodelle“, welche es sind.</translation>
    </message>
    <message>
        <source>{name} is not on this disk; there is nothing to remove.</source>
        <translation>{name} liegt nicht auf dieser Festplatte; es gibt nichts zu entfernen.</translation>
    </message>
    <message>
        <source>A download is running; remove image models when it has ended.</source>
        <translation>Ein Download läuft; entfernen Sie Bildmodelle, wenn er beendet ist.</translation>
    </message>
    <message>
        <source>The files of {repository} in {folder} cannot be deleted</source>
        <translation>Die Dateien von {repository} in {folder} lassen sich nicht löschen</translation>
    </message>
    <message>
        <source>{host} does not say the size of {name} of {repository}; try again later.</source>
        <translation>{host} nennt die Größe von {name} aus {repository} nicht; versuchen Sie es später erneut.</translation>
    </message>
    <message>
        <source>{host} gives no hash of {name}, so it cannot be verified; use another HF_ENDPOINT.</source>
        <translation>{host} nennt keine Prüfsumme von {name}, die Datei lässt sich also nicht prüfen; verwenden Sie einen anderen HF_ENDPOINT.</translation>
    </message>
    <message>
        <source>{host} does not answer like a model hub; check HF_ENDPOINT.</source>
        <translation>{host} antwortet nicht wie ein Modell-Hub; prüfen Sie HF_ENDPOINT.</translation>
    </message>
    <message>
        <source>{file} cannot be written to {parent}</source>
        <translation>{file} lässt sich nicht nach {parent} schreiben</translation>
    </message>
    <message>
        <source>{path} cannot be written</source>
        <translation>{path} lässt sich nicht schreiben</translation>
    </message>
    <message>
        <source>{ref} cannot be written</source>
        <translation>{ref} lässt sich nicht schreiben</translation>
    </message>
    <message>
        <source>it ended early</source>
        <translation>vorzeitiges Ende</translation>
    </message>
    <message>
        <source>The connection to {host} was lost ({reason}); {size} of {size_2} are kept, download again to continue.</source>
        <translation>Die Verbindung zu {host} ist abgebrochen ({reason}); {size} von {size_2} bleiben erhalten, laden Sie erneut, um fortzufahren.</translation>
    </message>
    <message>
        <source>The download was stopped; {done} of {size} are kept, download again to continue.</source>
        <translation>Der Download wurde angehalten; {done} von {size} bleiben erhalten, laden Sie erneut, um fortzufahren.</translation>
    </message>
    <message>
        <source>The download was stopped; what was received is kept.</source>
        <translation>Der Download wurde angehalten; das Empfangene bleibt erhalten.</translation>
    </message>
    <message>
        <source>{file} of {repository} arrived with another hash than {host} names for it and was deleted; download it again.</source>
        <translation>{file} aus {repository} kam mit einer anderen Prüfsumme an, als {host} nennt, und wurde gelöscht; laden Sie die Datei erneut.</translation>
    </message>
    <message>
        <source>HF_HUB_OFFLINE is set, so nothing is downloaded; unset it and try again.</source>
        <translation>HF_HUB_OFFLINE ist gesetzt, daher wird nichts heruntergeladen; löschen Sie die Variable und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>{repository} is given only to people who have accepted its terms; accept them at {ENDPOINT}/{repository}, log in with &apos;hf auth login&apos; and download again.</source>
        <translation>{repository} gibt es nur für Personen, die seinen Bedingungen zugestimmt haben; stimmen Sie ihnen auf {ENDPOINT}/{repository} zu, melden Sie sich mit „hf auth login“ an und laden Sie erneut.</translation>
    </message>
    <message>
        <source>{host} has no model {repository}, or it is private; check the name, or log in with &apos;hf auth login&apos;.</source>
        <translation>{host} hat kein Modell {repository}, oder es ist privat; prüfen Sie den Namen, oder melden Sie sich mit „hf auth login“ an.</translation>
    </message>
    <message>
        <source>{host} no longer answers; what was received is kept, download again to continue.</source>
        <translation>{host} antwortet nicht mehr; das Empfangene bleibt erhalten, laden Sie erneut, um fortzufahren.</translation>
    </message>
    <message>
        <source>{host} no longer has the file of {repository}; download again.</source>
        <translation>{host} hat die Datei aus {repository} nicht mehr; laden Sie erneut.</translation>
    </message>
    <message>
        <source>{host} does not answer like a model hub; check HF_ENDPOINT, the proxy and the firewall.</source>
        <translation>{host} antwortet nicht wie ein Modell-Hub; prüfen Sie HF_ENDPOINT, den Proxy und die Firewall.</translation>
    </message>
    <message>
        <source>{host} answered {status_code} for {repository}; try again later.</source>
        <translation>{host} antwortete mit {status_code} auf {repository}; versuchen Sie es später erneut.</translation>
    </message>
    <message>
        <source>{host} cannot be reached ({reason}); check the network connection, the proxy and HF_ENDPOINT.</source>
        <translation>{host} ist nicht erreichbar ({reason}); prüfen Sie Netzverbindung, Proxy und HF_ENDPOINT.</translation>
    </message>
</context>
<context>
    <name>Images</name>
    <message>
        <source>Looking for similar pictures</source>
        <translation>Ähnliche Bilder werden gesucht</translation>
    </message>
    <message>
        <source>Comparing features</source>
        <translation>Merkmale werden verglichen</translation>
    </message>
    <message>
        <source>The scan was stopped; everything found so far is kept.</source>
        <translation>Die Suche wurde angehalten; alles bisher Gefundene bleibt erhalten.</translation>
    </message>
    <message>
        <source>cannot be read</source>
        <translation>ist nicht lesbar</translation>
    </message>
    <message>
        <source>the file is missing ({path})</source>
        <translation>die Datei fehlt ({path})</translation>
    </message>
    <message>
        <source>Comparing was stopped; nothing was changed.</source>
        <translation>Der Vergleich wurde angehalten; nichts wurde geändert.</translation>
    </message>
    <message>
        <source>No image was linked to another file, so there is nothing to undo.</source>
        <translation>Kein Bild wurde einer anderen Datei zugeordnet, es gibt also nichts rückgängig zu machen.</translation>
    </message>
    <message>
        <source>An image of these pairs is no longer there; list the candidates again.</source>
        <translation>Ein Bild dieser Paare gibt es nicht mehr; lassen Sie die Liste neu erstellen.</translation>
    </message>
    <message>
        <source>{old} is not missing, so it cannot get another file.</source>
        <translation>{old} fehlt nicht und kann daher keine andere Datei bekommen.</translation>
    </message>
    <message>
        <source>{new} cannot be read, so no image can be linked to it.</source>
        <translation>{new} ist nicht lesbar und kann daher keinem Bild zugeordnet werden.</translation>
    </message>
    <message>
        <source>{new} has labels or a history of its own, so {old} cannot take its place; copy the labels by hand.</source>
        <translation>{new} hat eigene Labels oder einen eigenen Verlauf, daher kann {old} nicht an seine Stelle treten; übertragen Sie die Labels von Hand.</translation>
    </message>
    <message>
        <source>Comparing pictures</source>
        <translation>Bilder werden verglichen</translation>
    </message>
    <message>
        <source>Looking for images</source>
        <translation>Bilder werden gesucht</translation>
    </message>
    <message>
        <source>Reading images</source>
        <translation>Bilder werden gelesen</translation>
    </message>
    <message>
        <source>Making thumbnails</source>
        <translation>Vorschaubilder werden erzeugt</translation>
    </message>
    <message>
        <source>{place} of {n} thumbnails</source>
        <translation>{place} von {n} Vorschaubildern</translation>
    </message>
    <message>
        <source>Stopped after {done}, which are kept.</source>
        <translation>Nach {done} angehalten; sie bleiben erhalten.</translation>
    </message>
    <message>
        <source>it is not there</source>
        <translation>nicht vorhanden</translation>
    </message>
    <message>
        <source>network drives do not report changes</source>
        <translation>Netzlaufwerke melden keine Änderungen</translation>
    </message>
</context>
<context>
    <name>ImportPanel</name>
    <message>
        <source>Import labels</source>
        <translation>Labels importieren</translation>
    </message>
    <message>
        <source>Choose file…</source>
        <translation>Datei wählen…</translation>
    </message>
    <message>
        <source>Choose folder…</source>
        <translation>Ordner wählen…</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Save report…</source>
        <translation>Bericht speichern…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>Which file or folder has the labels?</source>
        <translation>Wo sind die Labels?</translation>
    </message>
    <message>
        <source>You can also drop it onto this window.</source>
        <translation>Sie können sie auch auf dieses Fenster ziehen.</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>These formats can be read:
{titles}</source>
        <translation>Diese Formate sind lesbar:
{titles}</translation>
    </message>
    <message>
        <source>The format was not recognised. Choose it above.</source>
        <translation>Das Format wurde nicht erkannt. Wählen Sie es oben.</translation>
    </message>
    <message>
        <source>Automatic: {format}</source>
        <translation>Automatisch: {format}</translation>
    </message>
    <message>
        <source>Reading {name}… Nothing is changed yet.</source>
        <translation>{name} wird gelesen… Noch wird nichts geändert.</translation>
    </message>
    <message>
        <source>Report saved to {name}.</source>
        <translation>Bericht in {name} gespeichert.</translation>
    </message>
    <message>
        <source>Importing… You can close this and continue to label.</source>
        <translation>Wird importiert… Sie können dies schließen und weiter labeln.</translation>
    </message>
</context>
<context>
    <name>InformationPanel</name>
    <message>
        <source>System information</source>
        <translation>Systeminformationen</translation>
    </message>
    <message>
        <source>Copy this text into a bug report. It names folders of this computer; delete what others should not read.</source>
        <translation>Kopieren Sie diesen Text in einen Fehlerbericht. Er nennt Ordner dieses Computers; löschen Sie, was andere nicht lesen sollen.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Checking the image model, the device and the disk …</source>
        <translation>Bildmodell, Gerät und Datenträger werden geprüft…</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>InsightCharts</name>
    <message>
        <source>{category}, {band}: quality {ap}, between {low} and {high}, {yes} yes</source>
        <translation>{category}, {band}: Qualität {ap}, zwischen {low} und {high}, {yes} Ja</translation>
    </message>
    <message>
        <source>images with a yes</source>
        <translation>Bilder mit Ja</translation>
    </message>
    <message>
        <source>average precision</source>
        <translation>mittlere Präzision</translation>
    </message>
    <message>
        <source>Suggested with {predicted}: {observed} were yes, between {low} and {high}; {answers}</source>
        <translation>Mit {predicted} vorgeschlagen: {observed} waren Ja, zwischen {low} und {high}; {answers}</translation>
    </message>
    <message>
        <source>suggested with about {predicted}</source>
        <translation>mit etwa {predicted} vorgeschlagen</translation>
    </message>
    <message>
        <source>suggested probability</source>
        <translation>vorgeschlagene Wahrscheinlichkeit</translation>
    </message>
    <message>
        <source>share of yes among the answers</source>
        <translation>Anteil der Ja-Antworten</translation>
    </message>
    <message>
        <source>{place}: {hits} of {all} yes had been suggested ({share})</source>
        <translation>{place}: {hits} von {all} Ja waren vorgeschlagen ({share})</translation>
    </message>
    <message>
        <source>{place}: {hits} of {all} no had not been suggested ({share})</source>
        <translation>{place}: {hits} von {all} Nein waren nicht vorgeschlagen ({share})</translation>
    </message>
    <message>
        <source>answers to suggestions, oldest first</source>
        <translation>Antworten auf Vorschläge, älteste zuerst</translation>
    </message>
    <message>
        <source>agreed</source>
        <translation>übereinstimmend</translation>
    </message>
    <message>
        <source>yes, and suggested</source>
        <translation>Ja und vorgeschlagen</translation>
    </message>
    <message>
        <source>no, and not suggested</source>
        <translation>Nein und nicht vorgeschlagen</translation>
    </message>
    <message>
        <source>Answers {first} to {last}, {since} to {until}</source>
        <translation>Antworten {first} bis {last}, {since} bis {until}</translation>
    </message>
    <message>
        <source>{day}: {decisions} on {images}, {minutes} minutes of work</source>
        <translation>{day}: {decisions}, {images}, {minutes} Minuten Arbeit</translation>
    </message>
    <message>
        <source>day</source>
        <translation>Tag</translation>
    </message>
    <message>
        <source>decisions</source>
        <translation>Entscheidungen</translation>
    </message>
    <message>
        <source>{begin}: {rate} decisions per minute, {decisions} on {images} in {minutes} min</source>
        <translation>{begin}: {rate} Entscheidungen pro Minute, {decisions}, {images} in {minutes} min</translation>
    </message>
    <message>
        <source>decisions per minute</source>
        <translation>Entscheidungen pro Minute</translation>
    </message>
    <message>
        <source>session</source>
        <translation>Sitzung</translation>
    </message>
    <message>
        <source>{n} answer</source>
        <translation>{n} Antwort</translation>
    </message>
    <message>
        <source>{n} answers</source>
        <translation>{n} Antworten</translation>
    </message>
    <message>
        <source>{n} decision</source>
        <translation>{n} Entscheidung</translation>
    </message>
    <message>
        <source>{n} decisions</source>
        <translation>{n} Entscheidungen</translation>
    </message>
    <message>
        <source>{n} image</source>
        <translation>{n} Bild</translation>
    </message>
    <message>
        <source>{n} images</source>
        <translation>{n} Bilder</translation>
    </message>
</context>
<context>
    <name>InsightExport</name>
    <message>
        <source>Save the plot</source>
        <translation>Diagramm speichern</translation>
    </message>
</context>
<context>
    <name>InsightPage</name>
    <message>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>Show the numbers behind the plot</source>
        <translation>Zahlen zum Diagramm anzeigen</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Picture (PNG)…</source>
        <translation>Bild (PNG)…</translation>
    </message>
    <message>
        <source>Drawing (SVG)…</source>
        <translation>Zeichnung (SVG)…</translation>
    </message>
    <message>
        <source>Numbers (CSV)…</source>
        <translation>Zahlen (CSV)…</translation>
    </message>
    <message>
        <source>Computing …</source>
        <translation>Wird berechnet…</translation>
    </message>
    <message>
        <source>As of {ago}.</source>
        <translation>Stand: {ago}.</translation>
    </message>
    <message>
        <source>As of {ago}; computing again …</source>
        <translation>Stand: {ago}; wird neu berechnet…</translation>
    </message>
    <message>
        <source>As of {ago}; something has changed since.</source>
        <translation>Stand: {ago}; seitdem hat sich etwas geändert.</translation>
    </message>
</context>
<context>
    <name>InsightTable</name>
    <message>
        <source>The numbers behind the plot</source>
        <translation>Zahlen zum Diagramm</translation>
    </message>
</context>
<context>
    <name>Insights</name>
    <message>
        <source>Label counts</source>
        <translation>Anzahl der Labels</translation>
    </message>
    <message>
        <source>Seen together</source>
        <translation>Gemeinsam gesehen</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>Reliability</source>
        <translation>Verlässlichkeit</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>Übereinstimmung</translation>
    </message>
    <message>
        <source>Work by day</source>
        <translation>Arbeit pro Tag</translation>
    </message>
    <message>
        <source>Pace</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <source>Images with each category, on a scale in steps of ten. A click shows the images with a yes.</source>
        <translation>Bilder je Kategorie, auf einer Skala in Zehnerpotenzen. Ein Klick zeigt die Bilder mit Ja.</translation>
    </message>
    <message>
        <source>Of the images with the category of a row, how many also have that of the column. A click shows them.</source>
        <translation>Wie viele der Bilder mit der Kategorie der Zeile auch die der Spalte haben. Ein Klick zeigt sie.</translation>
    </message>
    <message>
        <source>How well the suggestions rank the labelled images, from 0 to 1. The lines are 90 % intervals. A click shows the images with a yes.</source>
        <translation>Wie gut die Vorschläge die gelabelten Bilder ordnen, von 0 bis 1. Die Linien sind 90-%-Intervalle. Ein Klick zeigt die Bilder mit Ja.</translation>
    </message>
    <message>
        <source>How often the answer was yes where the suggestions gave a probability. On the dashed line both agree. A click shows the images.</source>
        <translation>Wie oft die Antwort Ja war, je nach Wahrscheinlichkeit des Vorschlags. Auf der gestrichelten Linie stimmen beide überein. Ein Klick zeigt die Bilder.</translation>
    </message>
    <message>
        <source>How often your answers agreed with the suggestions of that moment, from the first answer to the last. A click shows the images.</source>
        <translation>Wie oft Ihre Antworten mit den damaligen Vorschlägen übereinstimmten, von der ersten bis zur letzten Antwort. Ein Klick zeigt die Bilder.</translation>
    </message>
    <message>
        <source>Decisions made one by one on each day; bulk decisions and imports are left out. A click shows the images.</source>
        <translation>Einzelne Entscheidungen pro Tag, ohne Entscheidungen für mehrere Bilder und ohne Importe. Ein Klick zeigt die Bilder.</translation>
    </message>
    <message>
        <source>Decisions per minute in each session; a pause of five minutes ends one. A click shows the images.</source>
        <translation>Entscheidungen pro Minute in jeder Sitzung; nach fünf Minuten Pause endet sie. Ein Klick zeigt die Bilder.</translation>
    </message>
    <message>
        <source>Images that look alike lie close together. Draw around some to show them in the library; a click opens an image.</source>
        <translation>Ähnliche Bilder liegen nah beieinander. Umranden Sie Bilder, um sie in der Bibliothek anzuzeigen; ein Klick öffnet ein Bild.</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Kategorie</translation>
    </message>
    <message>
        <source>Other category</source>
        <translation>Andere Kategorie</translation>
    </message>
    <message>
        <source>Band</source>
        <translation>Häufigkeit</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>No by review</source>
        <translation>Nein durch Prüfung</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>With the category</source>
        <translation>Mit der Kategorie</translation>
    </message>
    <message>
        <source>With the other</source>
        <translation>Mit der anderen</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>Wahrscheinlichkeit</translation>
    </message>
    <message>
        <source>Share of yes</source>
        <translation>Anteil Ja</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>First answer</source>
        <translation>Erste Antwort</translation>
    </message>
    <message>
        <source>Last answer</source>
        <translation>Letzte Antwort</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>Seit</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>Yes, suggested</source>
        <translation>Ja, vorgeschlagen</translation>
    </message>
    <message>
        <source>No, not suggested</source>
        <translation>Nein, nicht vorgeschlagen</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>Tag</translation>
    </message>
    <message>
        <source>Decisions</source>
        <translation>Entscheidungen</translation>
    </message>
    <message>
        <source>Minutes</source>
        <translation>Minuten</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Beginn</translation>
    </message>
    <message>
        <source>Decisions per minute</source>
        <translation>Entscheidungen pro Minute</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Ende</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>To the right</source>
        <translation>Nach rechts</translation>
    </message>
    <message>
        <source>Upwards</source>
        <translation>Nach oben</translation>
    </message>
    <message>
        <source>This category is gone; choose another one.</source>
        <translation>Diese Kategorie gibt es nicht mehr; wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>This category has no scores yet; compute the features of the images first.</source>
        <translation>Diese Kategorie hat noch keine Werte; berechnen Sie zuerst die Merkmale der Bilder.</translation>
    </message>
</context>
<context>
    <name>InsightsEmpty</name>
    <message>
        <source>Go to the library</source>
        <translation>Zur Bibliothek</translation>
    </message>
    <message>
        <source>There are no categories yet</source>
        <translation>Noch keine Kategorien</translation>
    </message>
    <message>
        <source>Tag what you see in the first images; each new tag is a category.</source>
        <translation>Benennen Sie, was Sie auf den ersten Bildern sehen; jeder neue Name ist eine Kategorie.</translation>
    </message>
    <message>
        <source>Nothing is seen together yet</source>
        <translation>Noch tritt nichts gemeinsam auf</translation>
    </message>
    <message>
        <source>Say yes to at least two categories.</source>
        <translation>Geben Sie mindestens zwei Kategorien ein Ja.</translation>
    </message>
    <message>
        <source>Too few labels to measure the quality</source>
        <translation>Zu wenige Labels, um die Qualität zu messen</translation>
    </message>
    <message>
        <source>A category needs at least three images with a yes and one with a no.</source>
        <translation>Eine Kategorie braucht mindestens drei Bilder mit Ja und eines mit Nein.</translation>
    </message>
    <message>
        <source>No suggestion has been answered yet</source>
        <translation>Noch kein Vorschlag beantwortet</translation>
    </message>
    <message>
        <source>Answer some suggestions with yes or no; imports do not count.</source>
        <translation>Beantworten Sie einige Vorschläge mit Ja oder Nein; Importe zählen nicht.</translation>
    </message>
    <message>
        <source>Too little was decided here to show a pace</source>
        <translation>Zu wenige Entscheidungen für ein Tempo</translation>
    </message>
    <message>
        <source>Label some images one by one; imports do not count.</source>
        <translation>Labeln Sie einige Bilder einzeln; Importe zählen nicht.</translation>
    </message>
    <message>
        <source>{n} category has too few labels.</source>
        <translation>{n} Kategorie hat zu wenige Labels.</translation>
    </message>
    <message>
        <source>{n} categories have too few labels.</source>
        <translation>{n} Kategorien haben zu wenige Labels.</translation>
    </message>
    <message>
        <source>Estimated from a part of the labels.</source>
        <translation>Aus einem Teil der Labels geschätzt.</translation>
    </message>
</context>
<context>
    <name>InsightsPlace</name>
    <message>
        <source>Insights</source>
        <translation>Auswertung</translation>
    </message>
    <message>
        <source>Plots</source>
        <translation>Diagramme</translation>
    </message>
    <message>
        <source>{n} categories</source>
        <translation>{n} Kategorien</translation>
    </message>
    <message>
        <source>Most categories shown</source>
        <translation>Höchstzahl Kategorien</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Reihenfolge</translation>
    </message>
    <message>
        <source>Most frequent first</source>
        <translation>Häufigste zuerst</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>Nach Namen</translation>
    </message>
    <message>
        <source>Seen together first</source>
        <translation>Gemeinsam auftretende zuerst</translation>
    </message>
    <message>
        <source>Compute features</source>
        <translation>Merkmale berechnen</translation>
    </message>
    <message>
        <source>The images have no features yet</source>
        <translation>Die Bilder haben noch keine Merkmale</translation>
    </message>
    <message>
        <source>This plot cannot be shown</source>
        <translation>Dieses Diagramm lässt sich nicht anzeigen</translation>
    </message>
    <message>
        <source>from the map</source>
        <translation>von der Karte</translation>
    </message>
    <message>
        <source>Saved: {path}</source>
        <translation>Gespeichert: {path}</translation>
    </message>
</context>
<context>
    <name>InsightsSummary</name>
    <message>
        <source>{n} categories, from {most} with {most_yes} yes to {least} with {least_yes} yes.</source>
        <translation>{n} Kategorien, von {most} mit {most_yes} Ja bis {least} mit {least_yes} Ja.</translation>
    </message>
    <message>
        <source>{n} categories with a mean quality of {ap}; {few} have too few labels.</source>
        <translation>{n} Kategorien mit einer mittleren Qualität von {ap}; {few} haben zu wenige Labels.</translation>
    </message>
    <message>
        <source>{n} answers; probability and share of yes differ by {error}.</source>
        <translation>{n} Antworten; Wahrscheinlichkeit und Anteil Ja weichen um {error} ab.</translation>
    </message>
    <message>
        <source>{n} answers; of the last {last}, {share} agreed with the suggestions.</source>
        <translation>{n} Antworten; von den letzten {last} stimmten {share} mit den Vorschlägen überein.</translation>
    </message>
    <message>
        <source>{decisions} decisions on {n} day.</source>
        <translation>{decisions} Entscheidungen an {n} Tag.</translation>
    </message>
    <message>
        <source>{decisions} decisions on {n} days.</source>
        <translation>{decisions} Entscheidungen an {n} Tagen.</translation>
    </message>
    <message>
        <source>{n} sessions; the last one had {rate} decisions per minute.</source>
        <translation>{n} Sitzungen; die letzte hatte {rate} Entscheidungen pro Minute.</translation>
    </message>
    <message>
        <source>{n} categories; none are seen together.</source>
        <translation>{n} Kategorien; keine treten gemeinsam auf.</translation>
    </message>
    <message>
        <source>{n} categories; most often together: {a} and {b}, on {images} images.</source>
        <translation>{n} Kategorien; am häufigsten gemeinsam: {a} und {b}, auf {images} Bildern.</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Inspector</source>
        <translation>Inspektor</translation>
    </message>
    <message>
        <source>Hide heat map</source>
        <translation>Heatmap ausblenden</translation>
    </message>
    <message>
        <source>Heat map</source>
        <translation>Heatmap</translation>
    </message>
    <message>
        <source>Repeat last</source>
        <translation>Letzte erneut</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Yes to the checked suggestions, reviewed, and on to the next unreviewed image</source>
        <translation>Ja zu den angehakten Vorschlägen, geprüft, und weiter zum nächsten ungeprüften Bild</translation>
    </message>
    <message>
        <source>Unmark reviewed</source>
        <translation>Nicht geprüft</translation>
    </message>
    <message>
        <source>Reviewed</source>
        <translation>Geprüft</translation>
    </message>
    <message>
        <source>All categories ({n} more)</source>
        <translation>Alle Kategorien ({n} weitere)</translation>
    </message>
    <message>
        <source>No suggestions for this image yet: it has no features.</source>
        <translation>Noch keine Vorschläge für dieses Bild: Es hat keine Merkmale.</translation>
    </message>
    <message>
        <source>No other category is likely for this image.</source>
        <translation>Keine weitere Kategorie ist für dieses Bild wahrscheinlich.</translation>
    </message>
    <message>
        <source>Repeat “{decision}”</source>
        <translation>„{decision}“ wiederholen</translation>
    </message>
    <message>
        <source>There is no decision to repeat yet</source>
        <translation>Noch keine Entscheidung zum Wiederholen</translation>
    </message>
    <message>
        <source>{n} images selected</source>
        <translation>{n} Bilder ausgewählt</translation>
    </message>
    <message>
        <source>Select an image</source>
        <translation>Bild auswählen</translation>
    </message>
    <message>
        <source>{n} not saved yet</source>
        <translation>{n} noch nicht gespeichert</translation>
    </message>
    <message>
        <source>{n} of {total} reviewed</source>
        <translation>{n} von {total} geprüft</translation>
    </message>
    <message>
        <source>Its labels and suggestions are shown here.</source>
        <translation>Seine Labels und Vorschläge stehen dann hier.</translation>
    </message>
    <message>
        <source>reviewed</source>
        <translation>geprüft</translation>
    </message>
    <message>
        <source>not reviewed</source>
        <translation>nicht geprüft</translation>
    </message>
    <message>
        <source>Categories</source>
        <translation>Kategorien</translation>
    </message>
    <message>
        <source>Suggestions; an answer applies to all {n} images</source>
        <translation>Vorschläge; eine Antwort gilt für alle {n} Bilder</translation>
    </message>
    <message>
        <source>Suggestions</source>
        <translation>Vorschläge</translation>
    </message>
    <message>
        <source>The file is missing. Its labels are kept in case it comes back.</source>
        <translation>Die Datei fehlt. Ihre Labels bleiben, falls sie wiederkommt.</translation>
    </message>
    <message>
        <source>The file cannot be read. You can still label it.</source>
        <translation>Die Datei ist nicht lesbar. Labeln ist trotzdem möglich.</translation>
    </message>
    <message>
        <source>The file cannot be read: {reason}. You can still label it.</source>
        <translation>Die Datei ist nicht lesbar: {reason}. Labeln ist trotzdem möglich.</translation>
    </message>
    <message>
        <source>The image file was replaced after it was labelled. Check the labels, then mark the image as reviewed.</source>
        <translation>Die Bilddatei wurde nach dem Labeln ersetzt. Prüfen Sie die Labels und markieren Sie das Bild dann als geprüft.</translation>
    </message>
</context>
<context>
    <name>Interchange</name>
    <message>
        <source>both yes and no for &quot;{names}&quot;; neither is used</source>
        <translation>sowohl Ja als auch Nein für „{names}“; keines wird verwendet</translation>
    </message>
    <message>
        <source>without a suffix</source>
        <translation>ohne Endung</translation>
    </message>
    <message>
        <source>{path}: no column has the names of categories; columns are {columns}. Give that column the heading category.</source>
        <translation>{path}: Keine Spalte enthält die Namen der Kategorien; die Spalten sind {columns}. Geben Sie dieser Spalte die Überschrift category.</translation>
    </message>
    <message>
        <source>{path}: the column {state} has {content}; which of them mean yes is unclear. Write 1 for yes and 0 for no, or remove the column.</source>
        <translation>{path}: Die Spalte {state} enthält {content}; welche davon Ja bedeuten, ist unklar. Schreiben Sie 1 für Ja und 0 für Nein, oder entfernen Sie die Spalte.</translation>
    </message>
    <message>
        <source>{path}: the column {state} has {content}. These are confidences of a model, not answers: write 1 and 0, or give --confidence 0.5 to get those of 0.5 and more suggested.</source>
        <translation>{path}: Die Spalte {state} enthält {content}. Das sind Sicherheiten eines Modells, keine Antworten: Schreiben Sie 1 und 0, oder geben Sie eine Mindestsicherheit an, etwa 0.5 (--confidence 0.5), um die höheren als Vorschläge zu erhalten.</translation>
    </message>
    <message>
        <source>{path}: the column {column} has {found}; whether it says which rows mean yes is unclear. Give it the heading state (or confidence, for those of a model), or remove it.</source>
        <translation>{path}: Die Spalte {column} enthält {found}; ob sie sagt, welche Zeilen Ja bedeuten, ist unklar. Geben Sie ihr die Überschrift state (oder confidence für die eines Modells), oder entfernen Sie sie.</translation>
    </message>
    <message>
        <source>{path}: the column {column} has only numbers or answers, such as &quot;{shown}&quot;; the names of the categories are needed.</source>
        <translation>{path}: Die Spalte {column} enthält nur Zahlen oder Antworten, etwa „{shown}“; gebraucht werden die Namen der Kategorien.</translation>
    </message>
    <message>
        <source>{path}: &quot;{example}&quot; in {columns} may be one category or several. Say with --separator what separates them, for example --separator &quot;{strong}&quot;, or --separator none.</source>
        <translation>{path}: „{example}“ in {columns} kann eine Kategorie sein oder mehrere. Geben Sie an, was sie trennt (--separator), zum Beispiel „{strong}“, oder none.</translation>
    </message>
    <message>
        <source>{path}: &quot;{several}&quot; in {columns} may be one category or several. Say it with --separator &quot; &quot; or --separator none.</source>
        <translation>{path}: „{several}“ in {columns} kann eine Kategorie sein oder mehrere. Geben Sie das Trennzeichen an (--separator &quot; &quot; oder none).</translation>
    </message>
    <message>
        <source>{path}: the column {columns} has identifiers such as {missing}, and it is unclear which categories they are; put Open Images&apos; class-descriptions.csv beside the file.</source>
        <translation>{path}: Die Spalte {columns} enthält Kennungen wie {missing}, und es ist unklar, welche Kategorien das sind; legen Sie class-descriptions.csv von Open Images neben die Datei.</translation>
    </message>
    <message>
        <source>line {line}</source>
        <translation>Zeile {line}</translation>
    </message>
    <message>
        <source>it has {cells} cells instead of {width}, so they cannot be assigned to columns</source>
        <translation>sie hat {cells} Zellen statt {width}, diese lassen sich den Spalten nicht zuordnen</translation>
    </message>
    <message>
        <source>no image is named</source>
        <translation>kein Bild ist genannt</translation>
    </message>
    <message>
        <source>&quot;{strip}&quot; is neither yes nor no</source>
        <translation>„{strip}“ ist weder Ja noch Nein</translation>
    </message>
    <message>
        <source>{columns} its categories</source>
        <translation>{columns} seine Kategorien</translation>
    </message>
    <message>
        <source>, each a yes</source>
        <translation>, jede ein Ja</translation>
    </message>
    <message>
        <source>categories in one cell are separated by &quot;{separator}&quot;</source>
        <translation>Kategorien in einer Zelle sind durch „{separator}“ getrennt</translation>
    </message>
    <message>
        <source>{state}: confidences of {confidence} and more become suggestions</source>
        <translation>{state}: Sicherheiten ab {confidence} werden zu Vorschlägen</translation>
    </message>
    <message>
        <source>categories that are absent</source>
        <translation>Kategorien, die fehlen</translation>
    </message>
    <message>
        <source>unknown categories</source>
        <translation>offene Kategorien</translation>
    </message>
    <message>
        <source>{reviewed} marks images as reviewed</source>
        <translation>{reviewed} markiert Bilder als geprüft</translation>
    </message>
    <message>
        <source>names of categories from the class descriptions beside the file</source>
        <translation>Namen der Kategorien aus den Klassenbeschreibungen neben der Datei</translation>
    </message>
    <message>
        <source>The separator {option} is not one character, or {none}.</source>
        <translation>Das Trennzeichen {option} ist nicht ein einzelnes Zeichen oder {none}.</translation>
    </message>
    <message>
        <source>{path}: no column names the images; columns are {columns} ({lower}{note}). Give that column the heading image.</source>
        <translation>{path}: Keine Spalte nennt die Bilder; die Spalten sind {columns} ({lower}{note}). Geben Sie dieser Spalte die Überschrift image.</translation>
    </message>
    <message>
        <source>{path} has headings, but no rows.</source>
        <translation>{path} hat Überschriften, aber keine Zeilen.</translation>
    </message>
    <message>
        <source>{path}: line {line} has {cells} cells, the first row {n}; no row fits.</source>
        <translation>{path}: Zeile {line} hat {cells} Zellen, die erste Zeile {n}; keine Zeile passt.</translation>
    </message>
    <message>
        <source>{path}: the column {states} has {spellings}; of which category is unclear. Give the column the name of the category as its heading.</source>
        <translation>{path}: Die Spalte {states} enthält {spellings}; von welcher Kategorie, ist unklar. Geben Sie der Spalte den Namen der Kategorie als Überschrift.</translation>
    </message>
    <message>
        <source>{path} has no headings, so the categories of {columns} are unclear; add a first line with the name of each category.</source>
        <translation>{path} hat keine Überschriften, daher sind die Kategorien von {columns} unklar; fügen Sie eine erste Zeile mit dem Namen jeder Kategorie hinzu.</translation>
    </message>
    <message>
        <source>{path} has no headings, so the meaning of {columns} is unclear; add a first line, for example: image,category.</source>
        <translation>{path} hat keine Überschriften, daher ist die Bedeutung von {columns} unklar; fügen Sie eine erste Zeile hinzu, zum Beispiel: image,category.</translation>
    </message>
    <message>
        <source>commas</source>
        <translation>Kommas</translation>
    </message>
    <message>
        <source>semicolons</source>
        <translation>Semikolons</translation>
    </message>
    <message>
        <source>tabs</source>
        <translation>Tabulatoren</translation>
    </message>
    <message>
        <source>vertical bars</source>
        <translation>senkrechte Striche</translation>
    </message>
    <message>
        <source>a workbook or a zip file; save the sheet as CSV</source>
        <translation>eine Arbeitsmappe oder ZIP-Datei; speichern Sie das Blatt als CSV</translation>
    </message>
    <message>
        <source>an old workbook; save the sheet as CSV</source>
        <translation>eine alte Arbeitsmappe; speichern Sie das Blatt als CSV</translation>
    </message>
    <message>
        <source>a gzip file; unpack it first</source>
        <translation>eine gzip-Datei; entpacken Sie sie zuerst</translation>
    </message>
    <message>
        <source>a database</source>
        <translation>eine Datenbank</translation>
    </message>
    <message>
        <source>a JPEG image</source>
        <translation>ein JPEG-Bild</translation>
    </message>
    <message>
        <source>a PNG image</source>
        <translation>ein PNG-Bild</translation>
    </message>
    <message>
        <source>a PDF</source>
        <translation>ein PDF</translation>
    </message>
    <message>
        <source>Parquet; save the table as CSV</source>
        <translation>Parquet; speichern Sie die Tabelle als CSV</translation>
    </message>
    <message>
        <source>a pointer of Git LFS; fetch the file itself</source>
        <translation>ein Zeiger von Git LFS; holen Sie die Datei selbst</translation>
    </message>
    <message>
        <source>a web page or XML</source>
        <translation>eine Webseite oder XML</translation>
    </message>
    <message>
        <source>{note}, columns separated by {name}</source>
        <translation>{note}, Spalten getrennt durch {name}</translation>
    </message>
    <message>
        <source>{path}: line {before} has a cell of more than {most_in_a_cell} characters; perhaps a quotation mark is not closed.</source>
        <translation>{path}: Zeile {before} hat eine Zelle mit mehr als {most_in_a_cell} Zeichen; vielleicht ist ein Anführungszeichen nicht geschlossen.</translation>
    </message>
    <message>
        <source>{path}: a quotation mark opens on line {start} and is never closed.</source>
        <translation>{path}: Ein Anführungszeichen öffnet sich in Zeile {start} und wird nie geschlossen.</translation>
    </message>
    <message>
        <source>{path} is not a table; it looks like {kind}.</source>
        <translation>{path} ist keine Tabelle; es sieht aus wie {kind}.</translation>
    </message>
    <message>
        <source>{path} is empty.</source>
        <translation>{path} ist leer.</translation>
    </message>
    <message>
        <source>The delimiter {delimiter} is not one character, or tab.</source>
        <translation>Das Trennzeichen {delimiter} ist nicht ein einzelnes Zeichen oder tab.</translation>
    </message>
    <message>
        <source>{path} has one column only, so it says nothing about images.</source>
        <translation>{path} hat nur eine Spalte und sagt daher nichts über Bilder.</translation>
    </message>
    <message>
        <source>{path}: no column names the images; the columns seem to be {headings}. Give the column with the names of the image files the heading image.</source>
        <translation>{path}: Keine Spalte nennt die Bilder; die Spalten sind wohl {headings}. Geben Sie der Spalte mit den Namen der Bilddateien die Überschrift image.</translation>
    </message>
    <message>
        <source>{path}: no separator gives columns of which one names the images; columns may be separated by commas, semicolons, tabs or vertical bars, or name another one with --delimiter.</source>
        <translation>{path}: Kein Trennzeichen ergibt Spalten, von denen eine die Bilder nennt; Spalten können durch Kommas, Semikolons, Tabulatoren oder senkrechte Striche getrennt sein, oder nennen Sie ein anderes (--delimiter).</translation>
    </message>
    <message>
        <source> or </source>
        <translation> oder </translation>
    </message>
    <message>
        <source>{path}: the columns could be separated by {names}; say which one with --delimiter.</source>
        <translation>{path}: Die Spalten könnten durch {names} getrennt sein; geben Sie an, welche es sind (--delimiter).</translation>
    </message>
    <message>
        <source>column {number}</source>
        <translation>Spalte {number}</translation>
    </message>
    <message>
        <source>text</source>
        <translation>Text</translation>
    </message>
    <message>
        <source>fractions</source>
        <translation>Brüche</translation>
    </message>
    <message>
        <source>numbers</source>
        <translation>Zahlen</translation>
    </message>
    <message>
        <source>{word} such as &quot;{words}&quot;</source>
        <translation>{word} wie „{words}“</translation>
    </message>
    <message>
        <source>answers</source>
        <translation>Antworten</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>{path} has no rows.</source>
        <translation>{path} hat keine Zeilen.</translation>
    </message>
    <message>
        <source>{names} and {n} more</source>
        <translation>{names} und {n} weitere</translation>
    </message>
    <message>
        <source>{names} and {last}</source>
        <translation>{names} und {last}</translation>
    </message>
    <message>
        <source>no heading</source>
        <translation>ohne Überschrift</translation>
    </message>
    <message>
        <source>no category by its heading</source>
        <translation>der Überschrift nach keine Kategorie</translation>
    </message>
    <message>
        <source>there are none</source>
        <translation>es gibt keine</translation>
    </message>
    <message>
        <source>{path}: no column has answers (1 or 0, yes or no, x or blank) under the name of a category: {what}. If a column has the names of categories, give it the heading category.</source>
        <translation>{path}: Keine Spalte enthält Antworten (1 oder 0, ja oder nein, x oder leer) unter dem Namen einer Kategorie: {what}. Enthält eine Spalte die Namen der Kategorien, geben Sie ihr die Überschrift category.</translation>
    </message>
    <message>
        <source>{path}: the columns {columns} have fractions such as {words}. These look like the probabilities of a model, not answers: write 1 and 0, or give --confidence 0.5 to get those of 0.5 and more suggested.</source>
        <translation>{path}: Die Spalten {columns} enthalten Bruchzahlen wie {words}. Das sieht nach Wahrscheinlichkeiten eines Modells aus, nicht nach Antworten: Schreiben Sie 1 und 0, oder geben Sie eine Mindestsicherheit an, etwa 0.5 (--confidence 0.5), um die höheren als Vorschläge zu erhalten.</translation>
    </message>
    <message>
        <source>{path} has both -1 and {word}: which of them is no is unclear. Write 0 for no, and leave a cell blank where nothing is known.</source>
        <translation>{path} enthält sowohl -1 als auch {word}: Welches davon Nein ist, ist unklar. Schreiben Sie 0 für Nein, und lassen Sie eine Zelle leer, wo nichts bekannt ist.</translation>
    </message>
    <message>
        <source>column {column}: &quot;{strip}&quot; is neither yes nor no</source>
        <translation>Spalte {column}: „{strip}“ ist weder Ja noch Nein</translation>
    </message>
    <message>
        <source>{place}, column {number}</source>
        <translation>{place}, Spalte {number}</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>offen</translation>
    </message>
    <message>
        <source>blank</source>
        <translation>leer</translation>
    </message>
    <message>
        <source>columns {names}: {spellings}</source>
        <translation>Spalten {names}: {spellings}</translation>
    </message>
    <message>
        <source>column {names}: {spellings}</source>
        <translation>Spalte {names}: {spellings}</translation>
    </message>
    <message>
        <source>no answers</source>
        <translation>keine Antworten</translation>
    </message>
    <message>
        <source>Fractions in {columns} become suggestions, not answers</source>
        <translation>Bruchzahlen in {columns} werden zu Vorschlägen, nicht zu Antworten</translation>
    </message>
    <message>
        <source>column {number} {heading}names the image</source>
        <translation>Spalte {number} {heading}nennt das Bild</translation>
    </message>
    <message>
        <source> and {n} more</source>
        <translation> und {n} weitere</translation>
    </message>
    <message>
        <source>Columns left out: {shown}{more}</source>
        <translation>Ausgelassene Spalten: {shown}{more}</translation>
    </message>
    <message>
        <source>Only tags-csv writes several categories into one cell; leave the separator out.</source>
        <translation>Nur tags-csv schreibt mehrere Kategorien in eine Zelle; lassen Sie das Trennzeichen weg.</translation>
    </message>
    <message>
        <source>{card_path} is the name of both the labels and the data card; choose two names.</source>
        <translation>{card_path} ist der Name sowohl der Labels als auch des Datenblatts; wählen Sie zwei Namen.</translation>
    </message>
    <message>
        <source>The folder {parent} does not exist; create it or choose another one.</source>
        <translation>Den Ordner {parent} gibt es nicht; legen Sie ihn an oder wählen Sie einen anderen.</translation>
    </message>
    <message>
        <source>{target} cannot be written: {reason}.</source>
        <translation>{target} lässt sich nicht schreiben: {reason}.</translation>
    </message>
    <message>
        <source>{target} exists and is not an empty folder; name a new folder for the export.</source>
        <translation>{target} existiert und ist kein leerer Ordner; nennen Sie einen neuen Ordner für den Export.</translation>
    </message>
    <message>
        <source>is a link that leads out of the folder</source>
        <translation>ist ein Link, der aus dem Ordner hinausführt</translation>
    </message>
    <message>
        <source>{hidden} hidden</source>
        <translation>{hidden} verborgene</translation>
    </message>
    <message>
        <source>{linked} linked folders</source>
        <translation>{linked} verlinkte Ordner</translation>
    </message>
    <message>
        <source>Passed over: {names}.</source>
        <translation>Übergangen: {names}.</translation>
    </message>
    <message>
        <source>is a file; the format {reader} reads a folder</source>
        <translation>ist eine Datei; das Format {reader} liest einen Ordner</translation>
    </message>
    <message>
        <source>does not exist</source>
        <translation>gibt es nicht</translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}.</source>
        <translation>{path} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>cannot be read: {reason}</source>
        <translation>ist nicht lesbar: {reason}</translation>
    </message>
    <message>
        <source>is not a file</source>
        <translation>ist keine Datei</translation>
    </message>
    <message>
        <source>is no longer there</source>
        <translation>ist nicht mehr da</translation>
    </message>
    <message>
        <source>has more than {limit} bytes</source>
        <translation>hat mehr als {limit} Byte</translation>
    </message>
    <message>
        <source>is not {encoding} text</source>
        <translation>ist kein {encoding}-Text</translation>
    </message>
    <message>
        <source>There is no encoding {encoding}.</source>
        <translation>Eine Kodierung {encoding} gibt es nicht.</translation>
    </message>
    <message>
        <source>is not text</source>
        <translation>ist kein Text</translation>
    </message>
    <message>
        <source>Image files: {text} is not one of {names}.</source>
        <translation>Bilddateien: {text} ist keines von {names}.</translation>
    </message>
    <message>
        <source>The format {name} has no {words}; leave that option out.</source>
        <translation>Das Format {name} kennt {words} nicht; lassen Sie diese Option weg.</translation>
    </message>
    <message>
        <source>{answers} answers of no on {images} images are left out and will read as unknown</source>
        <translation>{answers} Antworten Nein auf {images} Bildern werden ausgelassen und gelten dann als offen</translation>
    </message>
    <message>
        <source>{reviews} images will no longer count as reviewed</source>
        <translation>{reviews} Bilder zählen nicht mehr als geprüft</translation>
    </message>
    <message>
        <source>COCO Camera Traps JSON</source>
        <translation>COCO Camera Traps JSON</translation>
    </message>
    <message>
        <source>is not in the folder of a category</source>
        <translation>liegt nicht im Ordner einer Kategorie</translation>
    </message>
    <message>
        <source>{path} has no folders with images; each category needs a folder of its own.</source>
        <translation>{path} hat keine Ordner mit Bildern; jede Kategorie braucht einen eigenen Ordner.</translation>
    </message>
    <message>
        <source>{names} are parts of the data set, not categories.</source>
        <translation>{names} sind Teile des Datensatzes, keine Kategorien.</translation>
    </message>
    <message>
        <source>{images} in deeper folders: the highest folder is the category.</source>
        <translation>{images} in tieferen Ordnern: Der oberste Ordner ist die Kategorie.</translation>
    </message>
    <message>
        <source>An export in folders consists of the images; copy or link them.</source>
        <translation>Ein Export in Ordnern besteht aus den Bildern; kopieren oder verlinken Sie sie.</translation>
    </message>
    <message>
        <source>{n} image with several categories is in several folders; a trainer for one class an image will take it for different images</source>
        <translation>{n} Bild mit mehreren Kategorien liegt in mehreren Ordnern; ein Training mit einer Klasse je Bild hält es für verschiedene Bilder</translation>
    </message>
    <message>
        <source>{n} images with several categories are in several folders; a trainer for one class an image will take them for different images</source>
        <translation>{n} Bilder mit mehreren Kategorien liegen in mehreren Ordnern; ein Training mit einer Klasse je Bild hält sie für verschiedene Bilder</translation>
    </message>
    <message>
        <source>{images} left out, without a yes</source>
        <translation>{images} ausgelassen, ohne ein Ja</translation>
    </message>
    <message>
        <source>{images} left out, the file is missing: {names}</source>
        <translation>{images} ausgelassen, die Datei fehlt: {names}</translation>
    </message>
    <message>
        <source>A folder of images for each category</source>
        <translation>Ein Ordner mit Bildern je Kategorie</translation>
    </message>
    <message>
        <source>{n} image is not reviewed: a category without an annotation is unknown there, not no. Programs that do not know the field &quot;reviewed&quot; take this image for a negative; leave it out of such a training</source>
        <translation>{n} Bild ist nicht geprüft: Eine Kategorie ohne Annotation ist dort offen, nicht Nein. Programme, die das Feld „reviewed“ nicht kennen, halten dieses Bild für negativ; lassen Sie es bei einem solchen Training weg</translation>
    </message>
    <message>
        <source>{n} images are not reviewed: a category without an annotation is unknown there, not no. Programs that do not know the field &quot;reviewed&quot; take these images for negatives; leave them out of such a training</source>
        <translation>{n} Bilder sind nicht geprüft: Eine Kategorie ohne Annotation ist dort offen, nicht Nein. Programme, die das Feld „reviewed“ nicht kennen, halten diese Bilder für negativ; lassen Sie sie bei einem solchen Training weg</translation>
    </message>
    <message>
        <source>COCO and LVIS JSON</source>
        <translation>COCO und LVIS JSON</translation>
    </message>
    <message>
        <source>a COCO file is an object with &quot;images&quot;, &quot;categories&quot; and &quot;annotations&quot;</source>
        <translation>eine COCO-Datei ist ein Objekt mit „images“, „categories“ und „annotations“</translation>
    </message>
    <message>
        <source>its annotations are captions, not labels; give the file with the instances of the same images</source>
        <translation>ihre Annotationen sind Bildunterschriften, keine Labels; geben Sie die Datei mit den Instanzen derselben Bilder an</translation>
    </message>
    <message>
        <source>this is a list; </source>
        <translation>dies ist eine Liste; </translation>
    </message>
    <message>
        <source>&quot;{name}&quot; must be a list, not {found}</source>
        <translation>„{name}“ muss eine Liste sein, nicht {found}</translation>
    </message>
    <message>
        <source>it has no &quot;annotations&quot;: it only lists images, as the image_info files of COCO do; give the file with the annotations</source>
        <translation>sie hat keine „annotations“: Sie zählt nur Bilder auf wie die image_info-Dateien von COCO; geben Sie die Datei mit den Annotationen an</translation>
    </message>
    <message>
        <source>it has no &quot;{name}&quot;; {form}</source>
        <translation>sie hat kein „{name}“; {form}</translation>
    </message>
    <message>
        <source>The category {names} has no annotation and is the supercategory of others; it is not imported.</source>
        <translation>Die Kategorie {names} hat keine Annotation und ist die Oberkategorie anderer; sie wird nicht importiert.</translation>
    </message>
    <message>
        <source>its id {key} is that of {first}, which has a different name; neither is used</source>
        <translation>seine Kennung {key} ist die von {first} mit einem anderen Namen; keines wird verwendet</translation>
    </message>
    <message>
        <source>{first} and {place}</source>
        <translation>{first} und {place}</translation>
    </message>
    <message>
        <source>its id {key} is that of {place}, a different file; neither is used</source>
        <translation>seine Kennung {key} ist die von {place}, einer anderen Datei; keines wird verwendet</translation>
    </message>
    <message>
        <source>{place} and {place_2}</source>
        <translation>{place} und {place_2}</translation>
    </message>
    <message>
        <source>{found} is not the id of a category that can be used</source>
        <translation>{found} ist nicht die Kennung einer verwendbaren Kategorie</translation>
    </message>
    <message>
        <source>image_id {found} is not the id of any image</source>
        <translation>image_id {found} ist nicht die Kennung eines Bildes</translation>
    </message>
    <message>
        <source>its image, {place}, was left out</source>
        <translation>das Bild dazu, {place}, wurde ausgelassen</translation>
    </message>
    <message>
        <source>it is a caption, not a label</source>
        <translation>es ist eine Bildunterschrift, kein Label</translation>
    </message>
    <message>
        <source>its category, {place}, was left out</source>
        <translation>die Kategorie dazu, {place}, wurde ausgelassen</translation>
    </message>
    <message>
        <source>category_id {found} is not the id of any category</source>
        <translation>category_id {found} ist nicht die Kennung einer Kategorie</translation>
    </message>
    <message>
        <source>with boxes, masks or key points</source>
        <translation>mit Rahmen, Masken oder Schlüsselpunkten</translation>
    </message>
    <message>
        <source>only the category of each is imported</source>
        <translation>importiert wird nur die Kategorie</translation>
    </message>
    <message>
        <source>with a score</source>
        <translation>mit einem Wert</translation>
    </message>
    <message>
        <source>a model made them, so they are suggestions, not labels (from {confidence} on)</source>
        <translation>sie stammen von einem Modell und sind daher Vorschläge, keine Labels (ab {confidence})</translation>
    </message>
    <message>
        <source>given to a whole sequence</source>
        <translation>für eine ganze Bildfolge</translation>
    </message>
    <message>
        <source>some of their images may not show the category</source>
        <translation>einige ihrer Bilder zeigen die Kategorie vielleicht nicht</translation>
    </message>
    <message>
        <source>with the id of another one</source>
        <translation>mit der Kennung einer anderen</translation>
    </message>
    <message>
        <source>nothing refers to these ids</source>
        <translation>nichts bezieht sich auf diese Kennungen</translation>
    </message>
    <message>
        <source>that are captions</source>
        <translation>die Bildunterschriften sind</translation>
    </message>
    <message>
        <source>they are no labels</source>
        <translation>sie sind keine Labels</translation>
    </message>
    <message>
        <source>Annotations {what}: {counts} of {total}; {meaning}.</source>
        <translation>Annotationen {what}: {counts} von {total}; {meaning}.</translation>
    </message>
    <message>
        <source>Entries that repeat the id and name of another image: {counts}; they are united.</source>
        <translation>Einträge, die Kennung und Namen eines anderen Bildes wiederholen: {counts}; sie werden vereint.</translation>
    </message>
    <message>
        <source>coco_url is not a URL</source>
        <translation>coco_url ist keine URL</translation>
    </message>
    <message>
        <source>FiftyOne&apos;s folders have {labels} or {samples}</source>
        <translation>Ordner von FiftyOne haben {labels} oder {samples}</translation>
    </message>
    <message>
        <source>FiftyOne writes an object with &quot;classes&quot; and &quot;labels&quot;, or with &quot;samples&quot;</source>
        <translation>FiftyOne schreibt ein Objekt mit „classes“ und „labels“ oder mit „samples“</translation>
    </message>
    <message>
        <source>Labels with a confidence: {scores}; a model made them, so they are suggestions.</source>
        <translation>Labels mit einer Sicherheit: {scores}; sie stammen von einem Modell und sind daher Vorschläge.</translation>
    </message>
    <message>
        <source>must be an object, not {found}</source>
        <translation>muss ein Objekt sein, nicht {found}</translation>
    </message>
    <message>
        <source>Load it with fiftyone.Dataset.from_dir and the type FiftyOneImageClassificationDataset</source>
        <translation>Laden mit fiftyone.Dataset.from_dir und dem Typ FiftyOneImageClassificationDataset</translation>
    </message>
    <message>
        <source>FiftyOne image classifications</source>
        <translation>FiftyOne-Bildklassifikationen</translation>
    </message>
    <message>
        <source>Parquet is not read here; save it as metadata.jsonl</source>
        <translation>Parquet wird hier nicht gelesen; speichern Sie es als metadata.jsonl</translation>
    </message>
    <message>
        <source>{path} has no metadata.jsonl or metadata.csv; folders named after categories are read with the format folders.</source>
        <translation>{path} hat weder metadata.jsonl noch metadata.csv; nach Kategorien benannte Ordner liest das Format folders.</translation>
    </message>
    <message>
        <source>has no column of labels; name it {names}</source>
        <translation>hat keine Spalte mit Labels; nennen Sie sie {names}</translation>
    </message>
    <message>
        <source>there is no file {file_name}</source>
        <translation>es gibt keine Datei {file_name}</translation>
    </message>
    <message>
        <source>{path}: column &quot;{file}&quot; names the image, &quot;{yes}&quot; its categories</source>
        <translation>{path}: Spalte „{file}“ nennt das Bild, „{yes}“ seine Kategorien</translation>
    </message>
    <message>
        <source>, separated by &quot;{mark}&quot;</source>
        <translation>, getrennt durch „{mark}“</translation>
    </message>
    <message>
        <source>; not used: {names}</source>
        <translation>; nicht verwendet: {names}</translation>
    </message>
    <message>
        <source>{path}, line {number}</source>
        <translation>{path}, Zeile {number}</translation>
    </message>
    <message>
        <source>is not JSON: {error}</source>
        <translation>ist kein JSON: {error}</translation>
    </message>
    <message>
        <source>is not an object</source>
        <translation>ist kein Objekt</translation>
    </message>
    <message>
        <source>{path}, line {line_num}</source>
        <translation>{path}, Zeile {line_num}</translation>
    </message>
    <message>
        <source>has {n} cells, but there are {n_2} columns</source>
        <translation>hat {n} Zellen, aber es gibt {n_2} Spalten</translation>
    </message>
    <message>
        <source>is not CSV: {error}</source>
        <translation>ist kein CSV: {error}</translation>
    </message>
    <message>
        <source>has no {file}</source>
        <translation>hat kein {file}</translation>
    </message>
    <message>
        <source>{name} is not a path inside the folder</source>
        <translation>{name} ist kein Pfad im Ordner</translation>
    </message>
    <message>
        <source>its labels are numbers without names, or no texts</source>
        <translation>seine Labels sind Zahlen ohne Namen oder keine Texte</translation>
    </message>
    <message>
        <source>its list of labels cannot be read</source>
        <translation>seine Liste von Labels ist nicht lesbar</translation>
    </message>
    <message>
        <source>The export imagefolder writes lists, which have no separator; leave it out.</source>
        <translation>Der Export imagefolder schreibt Listen, die kein Trennzeichen haben; lassen Sie es weg.</translation>
    </message>
    <message>
        <source>move metadata.jsonl into the image folder before load_dataset(&quot;imagefolder&quot;) reads it</source>
        <translation>verschieben Sie metadata.jsonl in den Bildordner, bevor load_dataset(&quot;imagefolder&quot;) sie liest</translation>
    </message>
    <message>
        <source>the parts are in the column split</source>
        <translation>die Teile stehen in der Spalte split</translation>
    </message>
    <message>
        <source>Hugging Face imagefolder (metadata.jsonl)</source>
        <translation>Hugging Face imagefolder (metadata.jsonl)</translation>
    </message>
    <message>
        <source>{path} has no line that names an image{first}.</source>
        <translation>{path} hat keine Zeile, die ein Bild nennt{first}.</translation>
    </message>
    <message>
        <source>it is not JSON: {msg} at column {colno}</source>
        <translation>sie ist kein JSON: {msg} in Spalte {colno}</translation>
    </message>
    <message>
        <source>it is not JSON that can be read</source>
        <translation>sie ist kein lesbares JSON</translation>
    </message>
    <message>
        <source>it is not an object</source>
        <translation>sie ist kein Objekt</translation>
    </message>
    <message>
        <source>{path} is one JSON document, not JSON Lines with an object in each line; try the format auto.</source>
        <translation>{path} ist ein einziges JSON-Dokument, kein JSON Lines mit einem Objekt je Zeile; versuchen Sie das Format auto.</translation>
    </message>
    <message>
        <source>&quot;reviewed&quot; is neither true nor false</source>
        <translation>„reviewed“ ist weder true noch false</translation>
    </message>
    <message>
        <source>{key}: &quot;{category}&quot; is {shown}, neither yes nor no</source>
        <translation>{key}: „{category}“ ist {shown}, weder Ja noch Nein</translation>
    </message>
    <message>
        <source>{key}: {shown} is not the name of a category</source>
        <translation>{key}: {shown} ist kein Kategoriename</translation>
    </message>
    <message>
        <source>{key}: &quot;{value}&quot; may be one category or several; say with --separator what separates them, or --separator none</source>
        <translation>{key}: „{value}“ kann eine Kategorie sein oder mehrere; geben Sie an, was sie trennt (--separator), oder none</translation>
    </message>
    <message>
        <source>Fields read: {names}</source>
        <translation>Gelesene Felder: {names}</translation>
    </message>
    <message>
        <source>Fields left out: {names}</source>
        <translation>Ausgelassene Felder: {names}</translation>
    </message>
    <message>
        <source>JSON Lines have lists of categories, so no separator is needed.</source>
        <translation>JSON Lines enthalten Listen von Kategorien, ein Trennzeichen ist unnötig.</translation>
    </message>
    <message>
        <source>JSON Lines, an object for each image</source>
        <translation>JSON Lines, ein Objekt je Bild</translation>
    </message>
    <message>
        <source>Label Studio exports a list of tasks, each with &quot;data&quot; and &quot;annotations&quot;</source>
        <translation>Label Studio exportiert eine Liste von Aufgaben, jede mit „data“ und „annotations“</translation>
    </message>
    <message>
        <source>an entry of the taxonomy is empty</source>
        <translation>ein Eintrag der Taxonomie ist leer</translation>
    </message>
    <message>
        <source>{name} must be a list, not {found}</source>
        <translation>{name} muss eine Liste sein, nicht {found}</translation>
    </message>
    <message>
        <source>Tasks without a submitted annotation</source>
        <translation>Aufgaben ohne abgeschickte Annotation</translation>
    </message>
    <message>
        <source>nothing is known of their images</source>
        <translation>über ihre Bilder ist nichts bekannt</translation>
    </message>
    <message>
        <source>Tasks that were submitted without a label</source>
        <translation>Aufgaben, die ohne Label abgeschickt wurden</translation>
    </message>
    <message>
        <source>every category stays unknown; with --complete they count as reviewed</source>
        <translation>jede Kategorie bleibt offen; mit „Was die Datei nicht sagt, ist Nein“ zählen sie als geprüft</translation>
    </message>
    <message>
        <source>Annotations that the annotator skipped</source>
        <translation>Annotationen, die übersprungen wurden</translation>
    </message>
    <message>
        <source>they are not used</source>
        <translation>sie werden nicht verwendet</translation>
    </message>
    <message>
        <source>Tasks with several annotations that differ</source>
        <translation>Aufgaben mit mehreren verschiedenen Annotationen</translation>
    </message>
    <message>
        <source>their labels are united</source>
        <translation>ihre Labels werden vereint</translation>
    </message>
    <message>
        <source>Labels of a box or another shape</source>
        <translation>Labels eines Rahmens oder einer anderen Form</translation>
    </message>
    <message>
        <source>only the category is imported</source>
        <translation>importiert wird nur die Kategorie</translation>
    </message>
    <message>
        <source>Results that are no labels (texts, ratings, relations)</source>
        <translation>Ergebnisse, die keine Labels sind (Texte, Bewertungen, Beziehungen)</translation>
    </message>
    <message>
        <source>its data has no image</source>
        <translation>seine Daten haben kein Bild</translation>
    </message>
    <message>
        <source>its image is inside the file, without a name</source>
        <translation>sein Bild steckt ohne Namen in der Datei</translation>
    </message>
    <message>
        <source>its image {found} is not a path or URL</source>
        <translation>sein Bild {found} ist weder Pfad noch URL</translation>
    </message>
    <message>
        <source>its image {found} is not a file name</source>
        <translation>sein Bild {found} ist kein Dateiname</translation>
    </message>
    <message>
        <source>In Label Studio, add the folder of the images as local file storage, and label with &lt;Choices name=&quot;choice&quot; toName=&quot;image&quot; choice=&quot;multiple&quot;&gt; that has these categories</source>
        <translation>Fügen Sie in Label Studio den Bildordner als lokalen Dateispeicher hinzu, und labeln Sie mit &lt;Choices name=&quot;choice&quot; toName=&quot;image&quot; choice=&quot;multiple&quot;&gt; und diesen Kategorien</translation>
    </message>
    <message>
        <source>Label Studio JSON</source>
        <translation>Label Studio JSON</translation>
    </message>
    <message>
        <source>{folder} has no file with the categories (labels.txt, voc_labels.txt).</source>
        <translation>{folder} hat keine Datei mit den Kategorien (labels.txt, voc_labels.txt).</translation>
    </message>
    <message>
        <source>{path} has no list that belongs to {stems}, such as train.txt.</source>
        <translation>{path} hat keine Liste, die zu {stems} gehört, etwa train.txt.</translation>
    </message>
    <message>
        <source>is not an image in the folder, followed by indices of categories</source>
        <translation>ist nicht ein Bild im Ordner, gefolgt von Nummern von Kategorien</translation>
    </message>
    <message>
        <source>there is no category {index}</source>
        <translation>es gibt keine Kategorie {index}</translation>
    </message>
    <message>
        <source>{labels}: {names}; lists: {names_2}.</source>
        <translation>{labels}: {names}; Listen: {names_2}.</translation>
    </message>
    <message>
        <source>{images} without an index: none of the categories.</source>
        <translation>{images} ohne Nummer: keine der Kategorien.</translation>
    </message>
    <message>
        <source>is not a name followed by its index</source>
        <translation>ist nicht ein Name, gefolgt von seiner Nummer</translation>
    </message>
    <message>
        <source>the index {index} is used twice</source>
        <translation>die Nummer {index} kommt zweimal vor</translation>
    </message>
    <message>
        <source>{images} left out: a list would make no of what is unknown there</source>
        <translation>{images} ausgelassen: Eine Liste würde dort Nein aus Offenem machen</translation>
    </message>
    <message>
        <source>{images} left out, a line cannot hold the name</source>
        <translation>{images} ausgelassen, eine Zeile kann den Namen nicht aufnehmen</translation>
    </message>
    <message>
        <source>Lists of VOC-LT and COCO-LT</source>
        <translation>Listen von VOC-LT und COCO-LT</translation>
    </message>
    <message>
        <source>CSV, a row for each answer</source>
        <translation>CSV, eine Zeile je Antwort</translation>
    </message>
    <message>
        <source>Detections of a model from a confidence of {least} on are suggestions to review, not labels; detections below it: {below}.</source>
        <translation>Erkennungen eines Modells ab einer Sicherheit von {least} sind Vorschläge zum Prüfen, keine Labels; Erkennungen darunter: {below}.</translation>
    </message>
    <message>
        <source>no entry of this list has a file with detections, as MegaDetector writes</source>
        <translation>kein Eintrag dieser Liste hat eine Datei mit Erkennungen, wie MegaDetector sie schreibt</translation>
    </message>
    <message>
        <source>MegaDetector writes an object with &quot;images&quot; and &quot;detection_categories&quot;</source>
        <translation>MegaDetector schreibt ein Objekt mit „images“ und „detection_categories“</translation>
    </message>
    <message>
        <source>it has no &quot;detection_categories&quot;, as results of MegaDetector have</source>
        <translation>sie hat keine „detection_categories“ wie Ergebnisse von MegaDetector</translation>
    </message>
    <message>
        <source>&quot;{name}&quot; must be an object, not {found}</source>
        <translation>„{name}“ muss ein Objekt sein, nicht {found}</translation>
    </message>
    <message>
        <source>the model failed on it: {entry}</source>
        <translation>das Modell scheiterte daran: {entry}</translation>
    </message>
    <message>
        <source>{place} must be a category and a confidence</source>
        <translation>{place} muss eine Kategorie und eine Sicherheit sein</translation>
    </message>
    <message>
        <source>category must be a number or a text, not {found}</source>
        <translation>category muss eine Zahl oder ein Text sein, nicht {found}</translation>
    </message>
    <message>
        <source>category {found} is not in {name}</source>
        <translation>Kategorie {found} steht nicht in {name}</translation>
    </message>
    <message>
        <source>conf must be a number from 0 to 1, not {found}</source>
        <translation>conf muss eine Zahl von 0 bis 1 sein, nicht {found}</translation>
    </message>
    <message>
        <source>MegaDetector results JSON</source>
        <translation>MegaDetector-Ergebnisse JSON</translation>
    </message>
    <message>
        <source>belongs to several images: {names}</source>
        <translation>gehört zu mehreren Bildern: {names}</translation>
    </message>
    <message>
        <source>there is no image with this name beside it</source>
        <translation>daneben liegt kein Bild mit diesem Namen</translation>
    </message>
    <message>
        <source>The separator {separator} is not one of those that readers find out: {names}.</source>
        <translation>Das Trennzeichen {separator} ist keines von denen, die Leser erkennen: {names}.</translation>
    </message>
    <message>
        <source>CSV, all categories of an image in one cell</source>
        <translation>CSV, alle Kategorien eines Bildes in einer Zelle</translation>
    </message>
    <message>
        <source>{path} has no .txt files beside images.</source>
        <translation>{path} hat keine .txt-Dateien neben Bildern.</translation>
    </message>
    <message>
        <source>Weights such as (tag:1.2) were taken off in {files}.</source>
        <translation>Gewichte wie (tag:1.2) wurden entfernt: {files}.</translation>
    </message>
    <message>
        <source>looks like a description, not a list of tags: &quot;{strip}...&quot;</source>
        <translation>sieht nach einer Beschreibung aus, nicht nach einer Liste: „{strip}…“</translation>
    </message>
    <message>
        <source>{names}: the &quot;{mark}&quot; in these names is written as &quot;\{mark}&quot;, which other programs may take for two tags</source>
        <translation>{names}: Das „{mark}“ in diesen Namen wird als „\{mark}“ geschrieben, was andere Programme für zwei Einträge halten können</translation>
    </message>
    <message>
        <source>{names}: names as long as these are read back with --separator &quot;{mark}&quot; only</source>
        <translation>{names}: So lange Namen werden nur mit dem Trennzeichen „{mark}“ (--separator) wieder gelesen</translation>
    </message>
    <message>
        <source>{several} images share a name but for the suffix; their files are named a.jpg.txt</source>
        <translation>{several} Bilder teilen sich einen Namen bis auf die Endung; ihre Dateien heißen a.jpg.txt</translation>
    </message>
    <message>
        <source>Text files with tags beside the images</source>
        <translation>Textdateien neben den Bildern</translation>
    </message>
    <message>
        <source>{path} has neither class lists (ImageSets/Main) nor annotations (.xml).</source>
        <translation>{path} hat weder Klassenlisten (ImageSets/Main) noch Annotationen (.xml).</translation>
    </message>
    <message>
        <source>is not an image followed by 1, 0 or -1</source>
        <translation>ist nicht ein Bild, gefolgt von 1, 0 oder -1</translation>
    </message>
    <message>
        <source>its name is not that of an image</source>
        <translation>sein Name ist nicht der eines Bildes</translation>
    </message>
    <message>
        <source>{answers} of 0, or with difficult objects only, read as unknown.</source>
        <translation>Als offen gelesen: {answers} mit 0 oder nur mit schwierigen Objekten.</translation>
    </message>
    <message>
        <source>In {annotations} the &lt;filename&gt; differs from the XML file&apos;s own name, which is used.</source>
        <translation>{annotations}: &lt;filename&gt; weicht vom Namen der XML-Datei ab, der verwendet wird.</translation>
    </message>
    <message>
        <source>unknown answers are written as 0, which evaluations of VOC ignore</source>
        <translation>offene Antworten werden als 0 geschrieben, was Auswertungen von VOC ignorieren</translation>
    </message>
    <message>
        <source>Pascal VOC (ImageSets, Annotations)</source>
        <translation>Pascal VOC (ImageSets, Annotations)</translation>
    </message>
    <message>
        <source>is damaged: {error}</source>
        <translation>ist beschädigt: {error}</translation>
    </message>
    <message>
        <source>declares XML entities, which are refused</source>
        <translation>deklariert XML-Entitäten, was abgelehnt wird</translation>
    </message>
    <message>
        <source>is not an annotation of VOC, but {tag}</source>
        <translation>ist keine Annotation von VOC, sondern {tag}</translation>
    </message>
    <message>
        <source>CSV, a column for each category</source>
        <translation>CSV, eine Spalte je Kategorie</translation>
    </message>
    <message>
        <source>The project keeps what was chosen last.</source>
        <translation>Das Projekt behält die letzte Wahl.</translation>
    </message>
    <message>
        <source>Keywords cannot be {keywords}; use {leaf} or {all}.</source>
        <translation>Stichwörter können nicht {keywords} sein; verwenden Sie {leaf} oder {all}.</translation>
    </message>
    <message>
        <source>{path} has no XMP sidecars, and no image in it has keywords.</source>
        <translation>{path} hat keine XMP-Begleitdateien, und kein Bild darin hat Stichwörter.</translation>
    </message>
    <message>
        <source>{keywords} in trees, such as {names}: </source>
        <translation>{keywords} in Bäumen, etwa {names}: </translation>
    </message>
    <message>
        <source>every part is a category; --keywords {leaf} takes only the last. {kept}</source>
        <translation>jeder Teil ist eine Kategorie; --keywords {leaf} nimmt nur den letzten. {kept}</translation>
    </message>
    <message>
        <source>the last part ({last}) is the category; --keywords {all} adds the parents. {kept}</source>
        <translation>der letzte Teil ({last}) ist die Kategorie; --keywords {all} nimmt auch die übergeordneten. {kept}</translation>
    </message>
    <message>
        <source>the sidecar</source>
        <translation>die Begleitdatei</translation>
    </message>
    <message>
        <source>its XMP packet</source>
        <translation>das XMP-Paket</translation>
    </message>
    <message>
        <source>left out, with characters that XML does not allow: {names}</source>
        <translation>ausgelassen, mit Zeichen, die XML nicht erlaubt: {names}</translation>
    </message>
    <message>
        <source>{sidecars} beside the images taken over with everything else in them</source>
        <translation>{sidecars} neben den Bildern mit allem Übrigen darin übernommen</translation>
    </message>
    <message>
        <source>the sidecars beside {names} cannot be read and were not taken over</source>
        <translation>die Begleitdateien neben {names} sind nicht lesbar und wurden nicht übernommen</translation>
    </message>
    <message>
        <source>XMP keywords, in sidecars and in the images</source>
        <translation>XMP-Stichwörter, in Begleitdateien und in den Bildern</translation>
    </message>
    <message>
        <source>is empty</source>
        <translation>ist leer</translation>
    </message>
    <message>
        <source>is nested too deeply</source>
        <translation>ist zu tief verschachtelt</translation>
    </message>
    <message>
        <source>has no rdf:RDF</source>
        <translation>hat kein rdf:RDF</translation>
    </message>
    <message>
        <source>{path} has no label files (.txt) in folders called labels or beside images.</source>
        <translation>{path} hat keine Labeldateien (.txt) in Ordnern namens labels oder neben Bildern.</translation>
    </message>
    <message>
        <source>{source} names {classes}.</source>
        <translation>{source} nennt {classes}.</translation>
    </message>
    <message>
        <source>{files}: none of the classes is there, which counts as a review.</source>
        <translation>{files}: Keine der Klassen ist dort, was als Prüfung zählt.</translation>
    </message>
    <message>
        <source>{folder}: &quot;names&quot; must be a list or a mapping of numbers.</source>
        <translation>{folder}: „names“ muss eine Liste oder eine Zuordnung von Zahlen sein.</translation>
    </message>
    <message>
        <source>{path} has no data.yaml with the names of the classes, and no classes.txt.</source>
        <translation>{path} hat keine data.yaml mit den Namen der Klassen und keine classes.txt.</translation>
    </message>
    <message>
        <source>{place}: {key} is {value}; only what is in this folder was read.</source>
        <translation>{place}: {key} ist {value}; gelesen wurde nur, was in diesem Ordner ist.</translation>
    </message>
    <message>
        <source>is not a class followed by the numbers of a box</source>
        <translation>ist nicht eine Klasse, gefolgt von den Zahlen eines Rahmens</translation>
    </message>
    <message>
        <source>there is no class {match}</source>
        <translation>es gibt keine Klasse {match}</translation>
    </message>
    <message>
        <source>YOLO label files with data.yaml</source>
        <translation>YOLO-Labeldateien mit data.yaml</translation>
    </message>
    <message>
        <source>The image {source} cannot be read: {reason}.</source>
        <translation>Das Bild {source} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>The import was stopped; nothing was changed.</source>
        <translation>Der Import wurde angehalten; nichts wurde geändert.</translation>
    </message>
    <message>
        <source>{path} has no category {name}, which would mean that nothing is there.</source>
        <translation>{path} hat keine Kategorie {name}, die bedeuten würde, dass nichts da ist.</translation>
    </message>
    <message>
        <source>it has a category and also the one that means that nothing is there</source>
        <translation>es hat eine Kategorie und zugleich die, die bedeutet, dass nichts da ist</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>ein Text</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true oder false</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>eine Liste</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>ein Objekt</translation>
    </message>
    <message>
        <source>{name} is null</source>
        <translation>{name} ist null</translation>
    </message>
    <message>
        <source>it has no {name}</source>
        <translation>{name} fehlt</translation>
    </message>
    <message>
        <source>{name} must be a number or a text, not {found}</source>
        <translation>{name} muss eine Zahl oder ein Text sein, nicht {found}</translation>
    </message>
    <message>
        <source>{name} must be {kind_words}, not {found}</source>
        <translation>{name} muss {kind_words} sein, nicht {found}</translation>
    </message>
    <message>
        <source>{name} {found} is not a file name</source>
        <translation>{name} {found} ist kein Dateiname</translation>
    </message>
    <message>
        <source>the name of a category must be a text, not {found}</source>
        <translation>der Name einer Kategorie muss ein Text sein, nicht {found}</translation>
    </message>
    <message>
        <source>unpack it and import what is inside</source>
        <translation>entpacken und den Inhalt importieren</translation>
    </message>
    <message>
        <source>compressed with gzip</source>
        <translation>mit gzip komprimiert</translation>
    </message>
    <message>
        <source>a ZIP archive, or a spreadsheet or document in one</source>
        <translation>ein ZIP-Archiv oder eine Tabelle oder ein Dokument darin</translation>
    </message>
    <message>
        <source>unpack it and import what is inside, or save it as CSV</source>
        <translation>entpacken und den Inhalt importieren, oder als CSV speichern</translation>
    </message>
    <message>
        <source>an empty ZIP archive</source>
        <translation>ein leeres ZIP-Archiv</translation>
    </message>
    <message>
        <source>give the file with the labels</source>
        <translation>geben Sie die Datei mit den Labels an</translation>
    </message>
    <message>
        <source>compressed with bzip2</source>
        <translation>mit bzip2 komprimiert</translation>
    </message>
    <message>
        <source>compressed with xz</source>
        <translation>mit xz komprimiert</translation>
    </message>
    <message>
        <source>compressed with zstd</source>
        <translation>mit zstd komprimiert</translation>
    </message>
    <message>
        <source>a 7-Zip archive</source>
        <translation>ein 7-Zip-Archiv</translation>
    </message>
    <message>
        <source>a RAR archive</source>
        <translation>ein RAR-Archiv</translation>
    </message>
    <message>
        <source>an old spreadsheet or document of Microsoft Office</source>
        <translation>eine alte Tabelle oder ein altes Dokument von Microsoft Office</translation>
    </message>
    <message>
        <source>save it as CSV</source>
        <translation>als CSV speichern</translation>
    </message>
    <message>
        <source>a Parquet file</source>
        <translation>eine Parquet-Datei</translation>
    </message>
    <message>
        <source>convert it to CSV or JSON Lines</source>
        <translation>in CSV oder JSON Lines umwandeln</translation>
    </message>
    <message>
        <source>an SQLite database</source>
        <translation>eine SQLite-Datenbank</translation>
    </message>
    <message>
        <source>export its labels to a format that is read</source>
        <translation>ihre Labels in ein lesbares Format exportieren</translation>
    </message>
    <message>
        <source>a PDF document</source>
        <translation>ein PDF-Dokument</translation>
    </message>
    <message>
        <source>an image</source>
        <translation>ein Bild</translation>
    </message>
    <message>
        <source>a Python pickle, which is never opened</source>
        <translation>ein Python-Pickle, das nie geöffnet wird</translation>
    </message>
    <message>
        <source>save the labels as JSON or CSV</source>
        <translation>die Labels als JSON oder CSV speichern</translation>
    </message>
    <message>
        <source>a Git LFS pointer, not the file itself</source>
        <translation>ein Zeiger von Git LFS, nicht die Datei selbst</translation>
    </message>
    <message>
        <source>fetch the file with &apos;git lfs pull&apos;</source>
        <translation>die Datei mit „git lfs pull“ holen</translation>
    </message>
    <message>
        <source>convert it to COCO or CSV</source>
        <translation>in COCO oder CSV umwandeln</translation>
    </message>
    <message>
        <source>COCO results, the detections of a model without the names of the images</source>
        <translation>COCO-Ergebnisse, die Erkennungen eines Modells ohne die Namen der Bilder</translation>
    </message>
    <message>
        <source>give the file with the annotations</source>
        <translation>geben Sie die Datei mit den Annotationen an</translation>
    </message>
    <message>
        <source>captions in the form of COCO results</source>
        <translation>Bildunterschriften in Form von COCO-Ergebnissen</translation>
    </message>
    <message>
        <source>give a file with categories</source>
        <translation>geben Sie eine Datei mit Kategorien an</translation>
    </message>
    <message>
        <source>Label Studio&apos;s JSON-MIN</source>
        <translation>JSON-MIN von Label Studio</translation>
    </message>
    <message>
        <source>export it as JSON instead, and import that with the format labelstudio</source>
        <translation>exportieren Sie es stattdessen als JSON und importieren Sie dieses mit dem Format labelstudio</translation>
    </message>
    <message>
        <source>labels of Create ML</source>
        <translation>Labels von Create ML</translation>
    </message>
    <message>
        <source>the labels of one image by labelme</source>
        <translation>die Labels eines Bildes von labelme</translation>
    </message>
    <message>
        <source>convert it to COCO or CSV with all the others</source>
        <translation>mit allen anderen in COCO oder CSV umwandeln</translation>
    </message>
    <message>
        <source>a project of the VGG Image Annotator</source>
        <translation>ein Projekt des VGG Image Annotator</translation>
    </message>
    <message>
        <source>export it as COCO, or convert it to COCO or CSV</source>
        <translation>als COCO exportieren oder in COCO oder CSV umwandeln</translation>
    </message>
    <message>
        <source>the labels of one image by Supervisely</source>
        <translation>die Labels eines Bildes von Supervisely</translation>
    </message>
    <message>
        <source>export the project as COCO</source>
        <translation>das Projekt als COCO exportieren</translation>
    </message>
    <message>
        <source>predictions of SpeciesNet</source>
        <translation>Vorhersagen von SpeciesNet</translation>
    </message>
    <message>
        <source>convert them to MegaDetector&apos;s form, and import that with the format megadetector</source>
        <translation>in die Form von MegaDetector umwandeln und mit dem Format megadetector importieren</translation>
    </message>
    <message>
        <source>labels of Labelbox</source>
        <translation>Labels von Labelbox</translation>
    </message>
    <message>
        <source>the labels of one image by V7 Darwin</source>
        <translation>die Labels eines Bildes von V7 Darwin</translation>
    </message>
    <message>
        <source>export them as COCO</source>
        <translation>als COCO exportieren</translation>
    </message>
    <message>
        <source>the labels of one image by SuperAnnotate</source>
        <translation>die Labels eines Bildes von SuperAnnotate</translation>
    </message>
    <message>
        <source>a project of VoTT</source>
        <translation>ein Projekt von VoTT</translation>
    </message>
    <message>
        <source>a data set of Datumaro</source>
        <translation>ein Datensatz von Datumaro</translation>
    </message>
    <message>
        <source>convert it with datumaro to COCO</source>
        <translation>mit datumaro in COCO umwandeln</translation>
    </message>
    <message>
        <source>a Jupyter notebook</source>
        <translation>ein Jupyter-Notebook</translation>
    </message>
    <message>
        <source>is empty; give a file with labels</source>
        <translation>ist leer; geben Sie eine Datei mit Labels an</translation>
    </message>
    <message>
        <source>has only zero bytes, so its content is lost; copy or download it again</source>
        <translation>enthält nur Nullbytes, ihr Inhalt ist also verloren; kopieren oder laden Sie sie erneut</translation>
    </message>
    <message>
        <source>is a tar archive; {unpack}</source>
        <translation>ist ein tar-Archiv; {unpack}</translation>
    </message>
    <message>
        <source>is a web page, perhaps that of a log-in or an error; download the file itself</source>
        <translation>ist eine Webseite, vielleicht eine Anmelde- oder Fehlerseite; laden Sie die Datei selbst</translation>
    </message>
    <message>
        <source>is {what}; {advice}</source>
        <translation>ist {what}; {advice}</translation>
    </message>
    <message>
        <source>is a Tailspotter project; use &apos;tailspotter merge&apos;, or export its labels and import them</source>
        <translation>ist ein Tailspotter-Projekt; exportieren Sie seine Labels und importieren Sie diese</translation>
    </message>
    <message>
        <source>is an empty folder; give a file or folder with labels</source>
        <translation>ist ein leerer Ordner; geben Sie eine Datei oder einen Ordner mit Labels an</translation>
    </message>
    <message>
        <source>looks like {what}; {advice}</source>
        <translation>sieht aus wie {what}; {advice}</translation>
    </message>
    <message>
        <source>{target} is in a folder that Tailspotter keeps for itself; choose another one.</source>
        <translation>{target} liegt in einem Ordner, den Tailspotter für sich selbst braucht; wählen Sie einen anderen.</translation>
    </message>
    <message>
        <source>{target} is in the image folder {root}, where a scan would take the exported images for new ones; choose a folder outside it.</source>
        <translation>{target} liegt im Bildordner {root}, wo eine Suche die exportierten Bilder für neue hielte; wählen Sie einen Ordner außerhalb.</translation>
    </message>
    <message>
        <source>can only be exported</source>
        <translation>lässt sich nur exportieren</translation>
    </message>
    <message>
        <source>The import format {name} {reason}; there are {names}.</source>
        <translation>Das Importformat {name} {reason}; es gibt {names}.</translation>
    </message>
    <message>
        <source>can only be imported</source>
        <translation>lässt sich nur importieren</translation>
    </message>
    <message>
        <source>The export format {name} {reason}; there are {names}.</source>
        <translation>Das Exportformat {name} {reason}; es gibt {names}.</translation>
    </message>
    <message>
        <source>The format of {path} was not recognised; name it: {names}.</source>
        <translation>Das Format von {path} wurde nicht erkannt; nennen Sie es: {names}.</translation>
    </message>
    <message>
        <source>looks like {title}; import it with the format {found}</source>
        <translation>sieht aus wie {title}; importieren Sie es mit dem Format {found}</translation>
    </message>
    <message>
        <source>The category &quot;{name}&quot; looks like &quot;nothing is here&quot;; read it so with --nothing &quot;{name}&quot;.</source>
        <translation>Die Kategorie „{name}“ klingt nach „hier ist nichts“; lesen Sie sie so mit --nothing &quot;{name}&quot;.</translation>
    </message>
    <message>
        <source>{path} is neither a file nor a folder.</source>
        <translation>{path} ist weder Datei noch Ordner.</translation>
    </message>
    <message>
        <source>{path} does not exist.</source>
        <translation>{path} gibt es nicht.</translation>
    </message>
    <message>
        <source>{text} is not a split; write the shares of train, val and test, such as 80/10/10 or 80/20.</source>
        <translation>{text} ist keine Aufteilung; schreiben Sie die Anteile von train, val und test, etwa 80/10/10 oder 80/20.</translation>
    </message>
    <message>
        <source>The seed {seed} is out of range; give 0 to {most_seed}.</source>
        <translation>Der Startwert {seed} liegt außerhalb des Bereichs; geben Sie 0 bis {most_seed} an.</translation>
    </message>
    <message>
        <source>A data card is saved as .md or .json; {path} is neither.</source>
        <translation>Ein Datenblatt wird als .md oder .json gespeichert; {path} ist keines davon.</translation>
    </message>
    <message>
        <source>the category {category} is archived, so its {n} answer was not used; restore the category and import the file again to use it</source>
        <translation>die Kategorie {category} ist archiviert, daher blieb {n} Antwort ungenutzt; stellen Sie die Kategorie wieder her und importieren Sie die Datei erneut, um sie zu verwenden</translation>
    </message>
    <message>
        <source>the category {category} is archived, so its {n} answers were not used; restore the category and import the file again to use them</source>
        <translation>die Kategorie {category} ist archiviert, daher blieben {n} Antworten ungenutzt; stellen Sie die Kategorie wieder her und importieren Sie die Datei erneut, um sie zu verwenden</translation>
    </message>
</context>
<context>
    <name>JobList</name>
    <message>
        <source>Jobs</source>
        <translation>Aufgaben</translation>
    </message>
    <message>
        <source>No jobs are running.</source>
        <translation>Keine Aufgabe läuft.</translation>
    </message>
</context>
<context>
    <name>JobPill</name>
    <message>
        <source>{n} job</source>
        <translation>{n} Aufgabe</translation>
    </message>
    <message>
        <source>{n} jobs</source>
        <translation>{n} Aufgaben</translation>
    </message>
    <message>
        <source>{n} job needs attention</source>
        <translation>{n} Aufgabe braucht Sie</translation>
    </message>
    <message>
        <source>{n} jobs need attention</source>
        <translation>{n} Aufgaben brauchen Sie</translation>
    </message>
    <message>
        <source>{n} job paused</source>
        <translation>{n} Aufgabe pausiert</translation>
    </message>
    <message>
        <source>{n} jobs paused</source>
        <translation>{n} Aufgaben pausiert</translation>
    </message>
    <message>
        <source>No jobs</source>
        <translation>Keine Aufgaben</translation>
    </message>
</context>
<context>
    <name>JobRow</name>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
</context>
<context>
    <name>Jobs</name>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>pausing</source>
        <translation>wird pausiert</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>wird angehalten</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>pausiert</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>unterbrochen</translation>
    </message>
    <message>
        <source>Something went wrong in Tailspotter: there is no heat map.</source>
        <translation>In Tailspotter ist ein Fehler aufgetreten: Es gibt keine Heatmap.</translation>
    </message>
    <message>
        <source>the project is closed</source>
        <translation>das Projekt ist geschlossen</translation>
    </message>
    <message>
        <source>it cannot be shown because something went wrong in Tailspotter; see the log</source>
        <translation>nicht anzeigbar, weil in Tailspotter ein Fehler aufgetreten ist; siehe Protokoll</translation>
    </message>
    <message>
        <source>Something went wrong in Tailspotter.</source>
        <translation>In Tailspotter ist ein Fehler aufgetreten.</translation>
    </message>
    <message>
        <source>Not saved: {words}. {sentence}</source>
        <translation>Nicht gespeichert: {words}. {sentence}</translation>
    </message>
    <message>
        <source>Something went wrong in Tailspotter: the project could not be opened.</source>
        <translation>In Tailspotter ist ein Fehler aufgetreten: Das Projekt ließ sich nicht öffnen.</translation>
    </message>
    <message>
        <source>{changes} could not be saved or kept: {summary}. {error}</source>
        <translation>Weder gespeichert noch aufbewahrt: {changes} ({summary}). {error}</translation>
    </message>
    <message>
        <source>{changes} could not be saved: {summary}.</source>
        <translation>Nicht gespeichert: {changes} ({summary}).</translation>
    </message>
    <message>
        <source>It is kept, and will be offered when the project is next opened.</source>
        <translation>Sie wird aufbewahrt und beim nächsten Öffnen des Projekts angeboten.</translation>
    </message>
    <message>
        <source>They are kept, and will be offered when the project is next opened.</source>
        <translation>Sie werden aufbewahrt und beim nächsten Öffnen des Projekts angeboten.</translation>
    </message>
    <message>
        <source>Not done: {names}.</source>
        <translation>Nicht ausgeführt: {names}.</translation>
    </message>
    <message>
        <source>This will happen once your answers are saved.</source>
        <translation>Das geschieht, sobald Ihre Antworten gespeichert sind.</translation>
    </message>
    <message>
        <source>This project is open read-only: labels cannot be changed.</source>
        <translation>Dieses Projekt ist schreibgeschützt geöffnet: Labels lassen sich nicht ändern.</translation>
    </message>
    <message>
        <source>There is nothing to redo.</source>
        <translation>Es gibt nichts zu wiederholen.</translation>
    </message>
    <message>
        <source>There is nothing to undo.</source>
        <translation>Es gibt nichts rückgängig zu machen.</translation>
    </message>
    <message>
        <source>Undo would revert {n} changes: {change}. Press again to do it.</source>
        <translation>Rückgängig macht {n} Änderungen rückgängig: {change}. Zum Bestätigen noch einmal drücken.</translation>
    </message>
    <message>
        <source>Redone: {change}</source>
        <translation>Wiederholt: {change}</translation>
    </message>
    <message>
        <source>Undone: {change}</source>
        <translation>Rückgängig gemacht: {change}</translation>
    </message>
    <message>
        <source>The images have no features yet; compute them first.</source>
        <translation>Die Bilder haben noch keine Merkmale; berechnen Sie sie zuerst.</translation>
    </message>
    <message>
        <source>The text of this category is still being encoded; try again in a moment.</source>
        <translation>Der Text dieser Kategorie wird noch gelesen; versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>the project is being opened</source>
        <translation>das Projekt wird geöffnet</translation>
    </message>
    <message>
        <source>the project is being closed</source>
        <translation>das Projekt wird geschlossen</translation>
    </message>
    <message>
        <source> and {n} more</source>
        <translation> und {n} weiteren</translation>
    </message>
    <message>
        <source>The picture of {replaced}{more} was replaced, perhaps after this answer; look at it and answer again.</source>
        <translation>Das Bild von {replaced}{more} wurde ersetzt, vielleicht nach dieser Antwort; sehen Sie es an und antworten Sie erneut.</translation>
    </message>
    <message>
        <source>There is no category {name} in this project.</source>
        <translation>In diesem Projekt gibt es keine Kategorie {name}.</translation>
    </message>
    <message>
        <source>No project is open.</source>
        <translation>Kein Projekt ist geöffnet.</translation>
    </message>
    <message>
        <source>The work was stopped before it had begun.</source>
        <translation>Die Arbeit wurde vor ihrem Beginn angehalten.</translation>
    </message>
    <message>
        <source>The work was stopped; nothing was kept.</source>
        <translation>Die Arbeit wurde angehalten; nichts wurde aufbewahrt.</translation>
    </message>
    <message>
        <source>You chose this device in the preferences.</source>
        <translation>Sie haben dieses Gerät in den Einstellungen gewählt.</translation>
    </message>
    <message>
        <source>{name} was discarded.</source>
        <translation>{name} wurde verworfen.</translation>
    </message>
    <message>
        <source>all images</source>
        <translation>alle Bilder</translation>
    </message>
    <message>
        <source>fold {part} held out</source>
        <translation>Fold {part} ausgelassen</translation>
    </message>
    <message>
        <source>Part {part} of {parts} ({held_out}), epoch {epoch} of {epochs}</source>
        <translation>Teil {part} von {parts} ({held_out}), Epoche {epoch} von {epochs}</translation>
    </message>
    <message>
        <source>loss {loss}</source>
        <translation>Verlust {loss}</translation>
    </message>
    <message>
        <source>Warning: {text}</source>
        <translation>Warnung: {text}</translation>
    </message>
    <message>
        <source>Something went wrong in Tailspotter while it compared the versions.</source>
        <translation>Beim Vergleichen der Versionen ist in Tailspotter ein Fehler aufgetreten.</translation>
    </message>
    <message>
        <source>The comparison was cancelled.</source>
        <translation>Der Vergleich wurde abgebrochen.</translation>
    </message>
    <message>
        <source>{total} missing images may be in new files.</source>
        <translation>{total} fehlende Bilder liegen vielleicht in neuen Dateien.</translation>
    </message>
    <message>
        <source>Nothing was found.</source>
        <translation>Nichts wurde gefunden.</translation>
    </message>
    <message>
        <source>{total} groups of duplicates were found.</source>
        <translation>{total} Gruppen von Duplikaten wurden gefunden.</translation>
    </message>
    <message>
        <source>There are no duplicates.</source>
        <translation>Es gibt keine Duplikate.</translation>
    </message>
    <message>
        <source>{found} of {known} images are in {new}.</source>
        <translation>{found} von {known} Bildern liegen in {new}.</translation>
    </message>
    <message>
        <source>The window was closed.</source>
        <translation>Das Fenster wurde geschlossen.</translation>
    </message>
    <message>
        <source> {done} of {total} are done.</source>
        <translation> {done} von {total} sind fertig.</translation>
    </message>
    <message>
        <source>It resumes where it stopped.{so_far}</source>
        <translation>Es geht weiter, wo es aufgehört hat.{so_far}</translation>
    </message>
    <message>
        <source>The project was closed.</source>
        <translation>Das Projekt wurde geschlossen.</translation>
    </message>
    <message>
        <source>{error} Your labels are safe, and what was finished is kept; resume when you are ready.</source>
        <translation>{error} Ihre Labels sind sicher, und das Fertige bleibt erhalten; setzen Sie fort, wann Sie möchten.</translation>
    </message>
    <message>
        <source>It resumes where it stopped.</source>
        <translation>Es geht weiter, wo es aufgehört hat.</translation>
    </message>
    <message>
        <source>It resumes in a moment.</source>
        <translation>Es geht gleich weiter.</translation>
    </message>
    <message>
        <source>It did not finish; what was done is kept.</source>
        <translation>Nicht fertig geworden; das Erledigte bleibt erhalten.</translation>
    </message>
    <message>
        <source>The import was stopped; nothing was changed.</source>
        <translation>Der Import wurde angehalten; nichts wurde geändert.</translation>
    </message>
    <message>
        <source>{file} cannot be read; the log says why.</source>
        <translation>{file} ist nicht lesbar; das Protokoll nennt den Grund.</translation>
    </message>
    <message>
        <source>The image model is {name} now.</source>
        <translation>Das Bildmodell ist jetzt {name}.</translation>
    </message>
    <message>
        <source>The change to {name} is abandoned.</source>
        <translation>Der Wechsel zu {name} ist abgebrochen.</translation>
    </message>
    <message>
        <source>The features of {gone} are removed; {size} are free again.</source>
        <translation>Die Merkmale von {gone} sind entfernt; {size} sind wieder frei.</translation>
    </message>
    <message>
        <source>The image model is {switched_to} now.</source>
        <translation>Das Bildmodell ist jetzt {switched_to}.</translation>
    </message>
    <message>
        <source>Computing features</source>
        <translation>Merkmale berechnen</translation>
    </message>
    <message>
        <source>what is computed is kept, and the rest follows when you open the project again.</source>
        <translation>das Berechnete bleibt, und der Rest folgt, wenn Sie das Projekt wieder öffnen.</translation>
    </message>
    <message>
        <source>Scanning the image folders</source>
        <translation>Bildordner durchsuchen</translation>
    </message>
    <message>
        <source>what was found is kept, and the scan resumes when you open the project again.</source>
        <translation>das Gefundene bleibt, und die Suche geht weiter, wenn Sie das Projekt wieder öffnen.</translation>
    </message>
    <message>
        <source>Locating an image folder</source>
        <translation>Bildordner neu zuordnen</translation>
    </message>
    <message>
        <source>the folder stays where it was.</source>
        <translation>der Ordner bleibt, wo er war.</translation>
    </message>
    <message>
        <source>Comparing missing images</source>
        <translation>Fehlende Bilder vergleichen</translation>
    </message>
    <message>
        <source>nothing is changed.</source>
        <translation>nichts wird geändert.</translation>
    </message>
    <message>
        <source>Looking for duplicates</source>
        <translation>Duplikate suchen</translation>
    </message>
    <message>
        <source>nothing is changed; what was compared is kept.</source>
        <translation>nichts wird geändert; das Verglichene bleibt erhalten.</translation>
    </message>
    <message>
        <source>Looking for the images</source>
        <translation>Bilder suchen</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>it resumes from its last checkpoint when you open the project again.</source>
        <translation>es geht ab dem letzten Zwischenstand weiter, wenn Sie das Projekt wieder öffnen.</translation>
    </message>
    <message>
        <source>Making thumbnails</source>
        <translation>Vorschaubilder erzeugen</translation>
    </message>
    <message>
        <source>what is made is kept, and the rest follows when you open the project again.</source>
        <translation>das Erzeugte bleibt, und der Rest folgt, wenn Sie das Projekt wieder öffnen.</translation>
    </message>
    <message>
        <source>Computing the map</source>
        <translation>Karte berechnen</translation>
    </message>
    <message>
        <source>compute the map again the next time.</source>
        <translation>die Karte beim nächsten Mal neu berechnen.</translation>
    </message>
    <message>
        <source>Creating the project</source>
        <translation>Projekt anlegen</translation>
    </message>
    <message>
        <source>no project is created.</source>
        <translation>kein Projekt wird angelegt.</translation>
    </message>
    <message>
        <source>Preparing the demo</source>
        <translation>Demo vorbereiten</translation>
    </message>
    <message>
        <source>it starts again the next time.</source>
        <translation>sie beginnt beim nächsten Mal von vorn.</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Download</translation>
    </message>
    <message>
        <source>what was received is kept; download again to continue.</source>
        <translation>das Empfangene bleibt erhalten; laden Sie erneut, um fortzufahren.</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>check the image model again the next time.</source>
        <translation>prüfen Sie das Bildmodell beim nächsten Mal erneut.</translation>
    </message>
    <message>
        <source>Importing labels</source>
        <translation>Labels importieren</translation>
    </message>
    <message>
        <source>either all of it is imported, or nothing.</source>
        <translation>entweder wird alles importiert oder nichts.</translation>
    </message>
    <message>
        <source>Exporting labels</source>
        <translation>Labels exportieren</translation>
    </message>
    <message>
        <source>either the whole file is written, or nothing.</source>
        <translation>entweder wird die ganze Datei geschrieben oder nichts.</translation>
    </message>
    <message>
        <source>{before} is downloaded first.</source>
        <translation>Zuerst wird {before} heruntergeladen.</translation>
    </message>
    <message>
        <source>The demo cannot be created in {folder}: {reason}.</source>
        <translation>Die Demo lässt sich in {folder} nicht anlegen: {reason}.</translation>
    </message>
    <message>
        <source>{n} new</source>
        <translation>{n} neu</translation>
    </message>
    <message>
        <source>{n} changed</source>
        <translation>{n} geändert</translation>
    </message>
    <message>
        <source>{n} moved</source>
        <translation>{n} verschoben</translation>
    </message>
    <message>
        <source>{n} back again</source>
        <translation>{n} wieder da</translation>
    </message>
    <message>
        <source>{n} unchanged</source>
        <translation>{n} unverändert</translation>
    </message>
    <message>
        <source>Nothing new</source>
        <translation>Nichts Neues</translation>
    </message>
    <message>
        <source>{n} missing</source>
        <translation>{n} fehlen</translation>
    </message>
    <message>
        <source>{n} unreadable</source>
        <translation>{n} nicht lesbar</translation>
    </message>
    <message>
        <source>skipped: {words}</source>
        <translation>übersprungen: {words}</translation>
    </message>
    <message>
        <source>{old} is now {new}; {found} of {known} images were found there.</source>
        <translation>{old} ist jetzt {new}; {found} von {known} Bildern wurden dort gefunden.</translation>
    </message>
    <message>
        <source>Features of {embedded} images computed, {skipped} were up to date</source>
        <translation>Merkmale von {embedded} Bildern berechnet, {skipped} waren aktuell</translation>
    </message>
    <message>
        <source>, {failed} could not be read</source>
        <translation>, {failed} nicht lesbar</translation>
    </message>
    <message>
        <source>{words} The image model is {switched_to} now.</source>
        <translation>{words} Das Bildmodell ist jetzt {switched_to}.</translation>
    </message>
    <message>
        <source>{n} images are on the map.</source>
        <translation>{n} Bilder sind auf der Karte.</translation>
    </message>
    <message>
        <source>{images_per_second} images a second on {device}.</source>
        <translation>{images_per_second} Bilder pro Sekunde auf {device}.</translation>
    </message>
    <message>
        <source>, {failed} images cannot be shown</source>
        <translation>, {failed} Bilder nicht anzeigbar</translation>
    </message>
    <message>
        <source>; the disk space for thumbnails is used up, the rest are made when needed</source>
        <translation>; der Platz für Vorschaubilder ist aufgebraucht, die übrigen werden bei Bedarf erzeugt</translation>
    </message>
    <message>
        <source>{made} thumbnails are ready{failed}{full}.</source>
        <translation>{made} Vorschaubilder sind fertig{failed}{full}.</translation>
    </message>
    <message>
        <source>Line {n}</source>
        <translation>Zeile {n}</translation>
    </message>
    <message>
        <source>The category &apos;{name}&apos; is archived; restore it instead of adding it.</source>
        <translation>Die Kategorie „{name}“ ist archiviert; stellen Sie sie wieder her, statt sie hinzuzufügen.</translation>
    </message>
    <message>
        <source>Something went wrong in Tailspotter: there is no preview.</source>
        <translation>In Tailspotter ist ein Fehler aufgetreten: Es gibt keine Vorschau.</translation>
    </message>
</context>
<context>
    <name>KeptRow</name>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Delete {size}</source>
        <translation>{size} löschen</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
</context>
<context>
    <name>KeyButton</name>
    <message>
        <source>{words}, key {key}</source>
        <translation>{words}, Taste {key}</translation>
    </message>
</context>
<context>
    <name>KeyCap</name>
    <message>
        <source>Key {key}</source>
        <translation>Taste {key}</translation>
    </message>
</context>
<context>
    <name>KeyField</name>
    <message>
        <source>Press the new key; Esc cancels</source>
        <translation>Neue Taste drücken; Esc bricht ab</translation>
    </message>
</context>
<context>
    <name>KeyRow</name>
    <message>
        <source>Change</source>
        <translation>Ändern</translation>
    </message>
    <message>
        <source>Change the key for {command}</source>
        <translation>Taste für {command} ändern</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Reset the key for {command}</source>
        <translation>Taste für {command} zurücksetzen</translation>
    </message>
</context>
<context>
    <name>KeysPage</name>
    <message>
        <source>{key} is already used for “{command}”; change that key first.</source>
        <translation>{key} wird schon für „{command}“ verwendet; ändern Sie zuerst jene Taste.</translation>
    </message>
</context>
<context>
    <name>LabelList</name>
    <message>
        <source>Show fewer</source>
        <translation>Weniger anzeigen</translation>
    </message>
    <message>
        <source>{n} no by review</source>
        <translation>{n} Nein durch Prüfung</translation>
    </message>
    <message>
        <source>{hidden} more and {n} no by review</source>
        <translation>{hidden} weitere und {n} Nein durch Prüfung</translation>
    </message>
    <message>
        <source>{hidden} more</source>
        <translation>{hidden} weitere</translation>
    </message>
    <message>
        <source>None of these images has a label yet.</source>
        <translation>Keines dieser Bilder hat schon ein Label.</translation>
    </message>
    <message>
        <source>No labels yet. Accept a suggestion or type a tag.</source>
        <translation>Noch keine Labels. Übernehmen Sie einen Vorschlag oder tippen Sie eine Kategorie.</translation>
    </message>
    <message>
        <source>Loading the labels…</source>
        <translation>Labels werden geladen…</translation>
    </message>
</context>
<context>
    <name>Labelling</name>
    <message>
        <source>There is no image with the number {image_id} in this project.</source>
        <translation>In diesem Projekt gibt es kein Bild mit der Nummer {image_id}.</translation>
    </message>
    <message>
        <source>{category} is given as {states} and as {state}; give only one.</source>
        <translation>{category} ist als {states} und als {state} angegeben; geben Sie nur eines an.</translation>
    </message>
    <message>
        <source>There is no file {given} with category names.</source>
        <translation>Es gibt keine Datei {given} mit Kategorienamen.</translation>
    </message>
    <message>
        <source>The list of categories, {reason}</source>
        <translation>Liste der Kategorien: {reason}</translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}.</source>
        <translation>{path} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>There is no image with the number {absent} in this project.</source>
        <translation>In diesem Projekt gibt es kein Bild mit der Nummer {absent}.</translation>
    </message>
    <message>
        <source>There is no category with the number {category_id} in this project.</source>
        <translation>In diesem Projekt gibt es keine Kategorie mit der Nummer {category_id}.</translation>
    </message>
    <message>
        <source>The category {category} is archived; restore it before labelling.</source>
        <translation>Die Kategorie {category} ist archiviert; stellen Sie sie vor dem Labeln wieder her.</translation>
    </message>
</context>
<context>
    <name>LabellingActions</name>
    <message>
        <source>Undo: {change}</source>
        <translation>Rückgängig: {change}</translation>
    </message>
    <message>
        <source>Redo: {change}</source>
        <translation>Wiederholen: {change}</translation>
    </message>
    <message>
        <source>There is nothing to undo</source>
        <translation>Es gibt nichts rückgängig zu machen</translation>
    </message>
    <message>
        <source>There is nothing to redo</source>
        <translation>Es gibt nichts zu wiederholen</translation>
    </message>
    <message>
        <source>Repeat “{decision}”</source>
        <translation>„{decision}“ wiederholen</translation>
    </message>
    <message>
        <source>There is no decision to repeat yet</source>
        <translation>Noch keine Entscheidung zum Wiederholen</translation>
    </message>
</context>
<context>
    <name>LabellingController</name>
    <message>
        <source>This is the last image.</source>
        <translation>Dies ist das letzte Bild.</translation>
    </message>
    <message>
        <source>This is the first image.</source>
        <translation>Dies ist das erste Bild.</translation>
    </message>
    <message>
        <source>Left open: {name}</source>
        <translation>Offen gelassen: {name}</translation>
    </message>
    <message>
        <source>Checked: {name}</source>
        <translation>Angehakt: {name}</translation>
    </message>
    <message>
        <source>No suggestion and no category has the key {key}.</source>
        <translation>Kein Vorschlag und keine Kategorie hat die Taste {key}.</translation>
    </message>
    <message>
        <source>There is no decision to repeat yet.</source>
        <translation>Noch keine Entscheidung zum Wiederholen.</translation>
    </message>
    <message>
        <source>Reviewed</source>
        <translation>Geprüft</translation>
    </message>
    <message>
        <source>{n} images reviewed</source>
        <translation>{n} Bilder geprüft</translation>
    </message>
    <message>
        <source>Not reviewed</source>
        <translation>Nicht geprüft</translation>
    </message>
    <message>
        <source>{n} images not reviewed</source>
        <translation>{n} Bilder nicht geprüft</translation>
    </message>
    <message>
        <source>Every image of this list is reviewed.</source>
        <translation>Jedes Bild dieser Liste ist geprüft.</translation>
    </message>
    <message>
        <source>There is nothing to undo.</source>
        <translation>Es gibt nichts rückgängig zu machen.</translation>
    </message>
    <message>
        <source>Undo would revert {n} changes: {change}. Press again to do it.</source>
        <translation>Rückgängig macht {n} Änderungen rückgängig: {change}. Zum Bestätigen noch einmal drücken.</translation>
    </message>
    <message>
        <source>Yes: new category {name} on {n} images</source>
        <translation>Ja: neue Kategorie {name} auf {n} Bildern</translation>
    </message>
    <message>
        <source>Undone: {change}</source>
        <translation>Rückgängig gemacht: {change}</translation>
    </message>
    <message>
        <source>There is nothing to redo.</source>
        <translation>Es gibt nichts zu wiederholen.</translation>
    </message>
    <message>
        <source>Redone: {change}</source>
        <translation>Wiederholt: {change}</translation>
    </message>
    <message>
        <source>This project is open read-only: labels cannot be changed.</source>
        <translation>Dieses Projekt ist schreibgeschützt geöffnet: Labels lassen sich nicht ändern.</translation>
    </message>
    <message>
        <source>Select an image first.</source>
        <translation>Wählen Sie zuerst ein Bild.</translation>
    </message>
    <message>
        <source>The next image is still loading; press the key again in a moment.</source>
        <translation>Das nächste Bild wird noch geladen; drücken Sie die Taste gleich noch einmal.</translation>
    </message>
    <message>
        <source>The suggestions are still loading; press the key again in a moment.</source>
        <translation>Die Vorschläge werden noch geladen; drücken Sie die Taste gleich noch einmal.</translation>
    </message>
    <message>
        <source>No suggestion is highlighted. Type a tag instead.</source>
        <translation>Kein Vorschlag ist hervorgehoben. Tippen Sie stattdessen eine Kategorie.</translation>
    </message>
</context>
<context>
    <name>Labels</name>
    <message>
        <source>Yes: {name}</source>
        <translation>Ja: {name}</translation>
    </message>
    <message>
        <source>Yes: {name} on {n} images</source>
        <translation>Ja: {name} auf {n} Bildern</translation>
    </message>
    <message>
        <source>No: {name}</source>
        <translation>Nein: {name}</translation>
    </message>
    <message>
        <source>No: {name} on {n} images</source>
        <translation>Nein: {name} auf {n} Bildern</translation>
    </message>
    <message>
        <source>Unknown: {name}</source>
        <translation>Offen: {name}</translation>
    </message>
    <message>
        <source>Unknown: {name} on {n} images</source>
        <translation>Offen: {name} auf {n} Bildern</translation>
    </message>
    <message>
        <source>by review</source>
        <translation>durch Prüfung</translation>
    </message>
    <message>
        <source>you</source>
        <translation>Sie</translation>
    </message>
    <message>
        <source>you, in bulk</source>
        <translation>Sie, gesammelt</translation>
    </message>
    <message>
        <source>import</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>copied</source>
        <translation>kopiert</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>offen</translation>
    </message>
</context>
<context>
    <name>Learner</name>
    <message>
        <source>text: from the category&apos;s name and texts; nothing is learned yet</source>
        <translation>Text: aus Name und Texten der Kategorie; noch ist nichts gelernt</translation>
    </message>
    <message>
        <source>live: learned from the labels so far</source>
        <translation>laufend: aus den bisherigen Labels gelernt</translation>
    </message>
    <message>
        <source>imported: what another model says, from an imported file</source>
        <translation>importiert: was ein anderes Modell sagt, aus einer importierten Datei</translation>
    </message>
    <message>
        <source>tuned: from the trained model</source>
        <translation>trainiert: vom trainierten Modell</translation>
    </message>
</context>
<context>
    <name>LibraryMenus</name>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Unmark reviewed</source>
        <translation>Als nicht geprüft markieren</translation>
    </message>
    <message>
        <source>Show images labelled yes</source>
        <translation>Bilder mit Ja zeigen</translation>
    </message>
    <message>
        <source>Undo: {change}</source>
        <translation>Rückgängig: {change}</translation>
    </message>
    <message>
        <source>Redo: {change}</source>
        <translation>Wiederholen: {change}</translation>
    </message>
    <message>
        <source>Select an image first.</source>
        <translation>Wählen Sie zuerst ein Bild.</translation>
    </message>
    <message>
        <source>Copied the path of the image</source>
        <translation>Pfad des Bildes kopiert</translation>
    </message>
    <message>
        <source>Copied the paths of {n} images</source>
        <translation>Pfade von {n} Bildern kopiert</translation>
    </message>
    <message>
        <source>Copied the labels of the image</source>
        <translation>Labels des Bildes kopiert</translation>
    </message>
    <message>
        <source>Copied the labels of {n} images</source>
        <translation>Labels von {n} Bildern kopiert</translation>
    </message>
    <message>
        <source>The folder of this image is missing.</source>
        <translation>Der Ordner dieses Bildes fehlt.</translation>
    </message>
    <message>
        <source>The file manager could not be opened. The image is in {folder}.</source>
        <translation>Der Dateimanager ließ sich nicht öffnen. Das Bild liegt in {folder}.</translation>
    </message>
</context>
<context>
    <name>LibraryPlace</name>
    <message>
        <source>No images match this query</source>
        <translation>Keine Bilder passen zu dieser Abfrage</translation>
    </message>
    <message>
        <source>Clear it to show all images.</source>
        <translation>Leeren Sie sie, um alle Bilder zu zeigen.</translation>
    </message>
    <message>
        <source>Clear query</source>
        <translation>Abfrage leeren</translation>
    </message>
    <message>
        <source>Looking for images …</source>
        <translation>Bilder werden gesucht…</translation>
    </message>
    <message>
        <source>They appear here as soon as they are found.</source>
        <translation>Sie erscheinen hier, sobald sie gefunden sind.</translation>
    </message>
    <message>
        <source>None of the images in this project can be read</source>
        <translation>Keines der Bilder dieses Projekts ist lesbar</translation>
    </message>
    <message>
        <source>The files are missing, damaged or in an unsupported format; labels are kept. Replace the files, then scan again.</source>
        <translation>Die Dateien fehlen, sind beschädigt oder haben ein nicht unterstütztes Format; Labels bleiben. Ersetzen Sie die Dateien und durchsuchen Sie die Ordner erneut.</translation>
    </message>
    <message>
        <source>Show these images</source>
        <translation>Diese Bilder anzeigen</translation>
    </message>
    <message>
        <source>There are no images in this project yet</source>
        <translation>In diesem Projekt sind noch keine Bilder</translation>
    </message>
    <message>
        <source>Scan the image folders</source>
        <translation>Bildordner durchsuchen</translation>
    </message>
    <message>
        <source>Select an image first.</source>
        <translation>Wählen Sie zuerst ein Bild.</translation>
    </message>
    <message>
        <source>No near-duplicates are stacked here. Find similar images first.</source>
        <translation>Hier sind keine fast gleichen Bilder gestapelt. Suchen Sie zuerst ähnliche Bilder.</translation>
    </message>
    <message>
        <source>Add images to its folder, then scan it.</source>
        <translation>Legen Sie Bilder in den Ordner und durchsuchen Sie ihn dann.</translation>
    </message>
    <message>
        <source>The last scan skipped {files}. Add images to the folder, then scan it.</source>
        <translation>Die letzte Suche übersprang {files}. Legen Sie Bilder in den Ordner und durchsuchen Sie ihn dann.</translation>
    </message>
</context>
<context>
    <name>LocatePanel</name>
    <message>
        <source>Locate an image folder</source>
        <translation>Bildordner neu zuordnen</translation>
    </message>
    <message>
        <source>Use this folder</source>
        <translation>Diesen Ordner verwenden</translation>
    </message>
    <message>
        <source>Choose another folder…</source>
        <translation>Anderen Ordner wählen…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Before: {folder}</source>
        <translation>Vorher: {folder}</translation>
    </message>
    <message>
        <source>Now: {folder}</source>
        <translation>Jetzt: {folder}</translation>
    </message>
    <message>
        <source>{found} of {known} images are there.</source>
        <translation>{found} von {known} Bildern liegen dort.</translation>
    </message>
    <message>
        <source>They are in {folder}, near the folder that you chose.</source>
        <translation>Sie liegen in {folder}, nahe dem gewählten Ordner.</translation>
    </message>
    <message>
        <source>Choose the folder that holds the images. Nothing is changed.</source>
        <translation>Wählen Sie den Ordner mit den Bildern. Nichts wird geändert.</translation>
    </message>
    <message>
        <source>{n} image is not there under its name, for example {names}.</source>
        <translation>{n} Bild liegt nicht unter seinem Namen dort, zum Beispiel {names}.</translation>
    </message>
    <message>
        <source>{n} images are not there under their names, for example {names}.</source>
        <translation>{n} Bilder liegen nicht unter ihren Namen dort, zum Beispiel {names}.</translation>
    </message>
    <message>
        <source>The scan that follows recognises renamed files; all labels are kept.</source>
        <translation>Die folgende Suche erkennt umbenannte Dateien; alle Labels bleiben.</translation>
    </message>
    <message>
        <source>All labels stay. The folder is scanned afterwards.</source>
        <translation>Alle Labels bleiben. Der Ordner wird anschließend durchsucht.</translation>
    </message>
</context>
<context>
    <name>Locks</name>
    <message>
        <source>another window</source>
        <translation>einem anderen Fenster</translation>
    </message>
    <message>
        <source>a scan for images</source>
        <translation>einer Suche nach Bildern</translation>
    </message>
    <message>
        <source>changing the image model</source>
        <translation>einem Wechsel des Bildmodells</translation>
    </message>
    <message>
        <source>removing features</source>
        <translation>dem Entfernen von Merkmalen</translation>
    </message>
    <message>
        <source>indexing</source>
        <translation>die Berechnung der Merkmale</translation>
    </message>
    <message>
        <source>tuning</source>
        <translation>ein Training</translation>
    </message>
    <message>
        <source>scoring</source>
        <translation>die Bewertung der Bilder</translation>
    </message>
    <message>
        <source>computing the map</source>
        <translation>die Berechnung der Karte</translation>
    </message>
    <message>
        <source>a repair</source>
        <translation>eine Reparatur</translation>
    </message>
    <message>
        <source>a restore</source>
        <translation>eine Wiederherstellung</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>{project} - Tailspotter</source>
        <translation>{project} – Tailspotter</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>End of the log:
{lines}</source>
        <translation>Ende des Protokolls:
{lines}</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Deleted the saved query: {name}</source>
        <translation>Gespeicherte Abfrage gelöscht: {name}</translation>
    </message>
</context>
<context>
    <name>ManyNotices</name>
    <message>
        <source>Undone: {change}</source>
        <translation>Rückgängig gemacht: {change}</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
</context>
<context>
    <name>MapCanvas</name>
    <message>
        <source>Map of the images</source>
        <translation>Karte der Bilder</translation>
    </message>
    <message>
        <source>{n} image in the rectangle</source>
        <translation>{n} Bild im Rechteck</translation>
    </message>
    <message>
        <source>{n} images in the rectangle</source>
        <translation>{n} Bilder im Rechteck</translation>
    </message>
    <message>
        <source>{n} image on the map.</source>
        <translation>{n} Bild auf der Karte.</translation>
    </message>
    <message>
        <source>{n} images on the map.</source>
        <translation>{n} Bilder auf der Karte.</translation>
    </message>
    <message>
        <source>{images} Colours: {parts}.</source>
        <translation>{images} Farben: {parts}.</translation>
    </message>
</context>
<context>
    <name>MapColours</name>
    <message>
        <source>reviewed</source>
        <translation>geprüft</translation>
    </message>
    <message>
        <source>labelled, not reviewed</source>
        <translation>gelabelt, nicht geprüft</translation>
    </message>
    <message>
        <source>not labelled yet</source>
        <translation>noch nicht gelabelt</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>no</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>other</source>
        <translation>andere</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>offen</translation>
    </message>
    <message>
        <source>{name} {n}</source>
        <translation>{name} {n}</translation>
    </message>
</context>
<context>
    <name>MapPage</name>
    <message>
        <source>How images are placed</source>
        <translation>Anordnung der Bilder</translation>
    </message>
    <message>
        <source>Main directions (PCA)</source>
        <translation>Hauptrichtungen (PCA)</translation>
    </message>
    <message>
        <source>Neighbours (t-SNE)</source>
        <translation>Nachbarn (t-SNE)</translation>
    </message>
    <message>
        <source>Colour by</source>
        <translation>Farbe nach</translation>
    </message>
    <message>
        <source>Colour: review</source>
        <translation>Farbe: Prüfung</translation>
    </message>
    <message>
        <source>Colour: categories</source>
        <translation>Farbe: Kategorien</translation>
    </message>
    <message>
        <source>Colour: labels of</source>
        <translation>Farbe: Labels von</translation>
    </message>
    <message>
        <source>Colour: score of</source>
        <translation>Farbe: Wert von</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Kategorie</translation>
    </message>
    <message>
        <source>Compute again</source>
        <translation>Neu berechnen</translation>
    </message>
    <message>
        <source>This map has not been computed yet</source>
        <translation>Diese Karte ist noch nicht berechnet</translation>
    </message>
    <message>
        <source>It takes a minute or two and is kept. It shows groups of images that look alike better than the main directions.</source>
        <translation>Das dauert ein bis zwei Minuten; die Karte wird gespeichert. Sie zeigt Gruppen ähnlicher Bilder besser als die Hauptrichtungen.</translation>
    </message>
    <message>
        <source>This project is open read-only, so the map cannot be computed and kept.</source>
        <translation>Dieses Projekt ist schreibgeschützt geöffnet, die Karte kann daher nicht berechnet und gespeichert werden.</translation>
    </message>
    <message>
        <source>Compute the map</source>
        <translation>Karte berechnen</translation>
    </message>
    <message>
        <source>{n} image is not on this map; compute it again to add it.</source>
        <translation>{n} Bild ist nicht auf dieser Karte; berechnen Sie sie neu, um es aufzunehmen.</translation>
    </message>
    <message>
        <source>{n} images are not on this map; compute it again to add them.</source>
        <translation>{n} Bilder sind nicht auf dieser Karte; berechnen Sie sie neu, um sie aufzunehmen.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Computing the map …</source>
        <translation>Karte wird berechnet…</translation>
    </message>
</context>
<context>
    <name>MeaningChoice</name>
    <message>
        <source>Now: {meaning}</source>
        <translation>Jetzt: {meaning}</translation>
    </message>
    <message>
        <source>Let the program choose</source>
        <translation>Programm wählen lassen</translation>
    </message>
    <message>
        <source>Used directly: {n} class of the image model</source>
        <translation>Direkt verwendet: {n} Klasse des Bildmodells</translation>
    </message>
    <message>
        <source>Used directly: {n} classes of the image model</source>
        <translation>Direkt verwendet: {n} Klassen des Bildmodells</translation>
    </message>
    <message>
        <source>Used through its relatives</source>
        <translation>Über verwandte Begriffe verwendet</translation>
    </message>
    <message>
        <source>Too far from everything that the image model knows: no text score</source>
        <translation>Zu weit von allem, was das Bildmodell kennt: kein Wert aus dem Text</translation>
    </message>
</context>
<context>
    <name>MergePanel</name>
    <message>
        <source>Merge a category into another</source>
        <translation>Eine Kategorie mit einer anderen zusammenführen</translation>
    </message>
    <message>
        <source>Merge</source>
        <translation>Zusammenführen</translation>
    </message>
    <message>
        <source>Merge into</source>
        <translation>Zusammenführen mit</translation>
    </message>
    <message>
        <source>This is one step: Undo restores both categories exactly.</source>
        <translation>Das ist ein Schritt: Rückgängig stellt beide Kategorien genau wieder her.</translation>
    </message>
    <message>
        <source>Into</source>
        <translation>Mit</translation>
    </message>
    <message>
        <source>Merge “{category}”</source>
        <translation>„{category}“ zusammenführen</translation>
    </message>
    <message>
        <source>Choose the category to keep.</source>
        <translation>Wählen Sie die Kategorie, die erhalten bleibt.</translation>
    </message>
    <message>
        <source>{n} image has a yes for one and a no for the other:</source>
        <translation>{n} Bild hat ein Ja für die eine und ein Nein für die andere:</translation>
    </message>
    <message>
        <source>{n} images have a yes for one and a no for the other:</source>
        <translation>{n} Bilder haben ein Ja für die eine und ein Nein für die andere:</translation>
    </message>
    <message>
        <source>Keep the answer for “{name}”</source>
        <translation>Antwort für „{name}“ behalten</translation>
    </message>
    <message>
        <source>Take the yes</source>
        <translation>Das Ja übernehmen</translation>
    </message>
    <message>
        <source>Leave them unknown</source>
        <translation>Offen lassen</translation>
    </message>
    <message>
        <source>No labels move.</source>
        <translation>Keine Labels werden verschoben.</translation>
    </message>
    <message>
        <source>{n} label moves to “{name}”: {yes} yes, {no} no.</source>
        <translation>{n} Label wird nach „{name}“ verschoben: {yes} Ja, {no} Nein.</translation>
    </message>
    <message>
        <source>{n} labels move to “{name}”: {yes} yes, {no} no.</source>
        <translation>{n} Labels werden nach „{name}“ verschoben: {yes} Ja, {no} Nein.</translation>
    </message>
    <message>
        <source>{n} image has a yes for both.</source>
        <translation>{n} Bild hat ein Ja für beide.</translation>
    </message>
    <message>
        <source>{n} images have a yes for both.</source>
        <translation>{n} Bilder haben ein Ja für beide.</translation>
    </message>
    <message>
        <source>{n} image has a no for both.</source>
        <translation>{n} Bild hat ein Nein für beide.</translation>
    </message>
    <message>
        <source>{n} images have a no for both.</source>
        <translation>{n} Bilder haben ein Nein für beide.</translation>
    </message>
    <message>
        <source>New other names: {names}.</source>
        <translation>Neue weitere Namen: {names}.</translation>
    </message>
    <message>
        <source>Gets a new parent: {names}.</source>
        <translation>Neue Oberkategorie für: {names}.</translation>
    </message>
    <message>
        <source>“{name}” takes the key {key}.</source>
        <translation>„{name}“ übernimmt die Taste {key}.</translation>
    </message>
    <message>
        <source>“{name}” is removed.</source>
        <translation>„{name}“ wird entfernt.</translation>
    </message>
    <message>
        <source>Merge “{source}” into “{target}”</source>
        <translation>„{source}“ mit „{target}“ zusammenführen</translation>
    </message>
</context>
<context>
    <name>ModelChoice</name>
    <message>
        <source>Other…</source>
        <translation>Anderes…</translation>
    </message>
    <message>
        <source>ViT-B-32@/path/weights.safetensors, or local-dir:/folder</source>
        <translation>ViT-B-32@/pfad/weights.safetensors oder local-dir:/ordner</translation>
    </message>
    <message>
        <source>Name of the model</source>
        <translation>Name des Modells</translation>
    </message>
    <message>
        <source>Download…</source>
        <translation>Herunterladen…</translation>
    </message>
    <message>
        <source>Download another image model</source>
        <translation>Anderes Bildmodell herunterladen</translation>
    </message>
    <message>
        <source>Enter the name of a model, or choose another one.</source>
        <translation>Geben Sie den Namen eines Modells ein oder wählen Sie ein anderes.</translation>
    </message>
    <message>
        <source>{models} and {count} more</source>
        <translation>{models} und {count} weitere</translation>
    </message>
    <message>
        <source>More models: {models}</source>
        <translation>Weitere Modelle: {models}</translation>
    </message>
</context>
<context>
    <name>ModelNotices</name>
    <message>
        <source>The image model {model} is ready.</source>
        <translation>Das Bildmodell {model} ist bereit.</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Anzeigen</translation>
    </message>
</context>
<context>
    <name>ModelRow</name>
    <message>
        <source>Download…</source>
        <translation>Herunterladen…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>Entfernen…</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Download {size}</source>
        <translation>{size} laden</translation>
    </message>
    <message>
        <source>Continue…</source>
        <translation>Fortsetzen…</translation>
    </message>
    <message>
        <source>Delete {size}</source>
        <translation>{size} löschen</translation>
    </message>
    <message>
        <source>Needs a package</source>
        <translation>Braucht ein Paket</translation>
    </message>
    <message>
        <source>Included</source>
        <translation>Enthalten</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>To be checked</source>
        <translation>Zu prüfen</translation>
    </message>
    <message>
        <source>To be downloaded</source>
        <translation>Herunterzuladen</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Wartet</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>Wird angehalten</translation>
    </message>
    <message>
        <source>Checking</source>
        <translation>Wird geprüft</translation>
    </message>
    <message>
        <source>Downloading</source>
        <translation>Wird geladen</translation>
    </message>
    <message>
        <source>Downloading {percent} %</source>
        <translation>Wird geladen: {percent}&#x202f;%</translation>
    </message>
    <message>
        <source>{size} on disk</source>
        <translation>{size} auf der Festplatte</translation>
    </message>
    <message>
        <source>download: {size}</source>
        <translation>Download: {size}</translation>
    </message>
    <message>
        <source>{n} pixels</source>
        <translation>{n} Pixel</translation>
    </message>
    <message>
        <source>{n} images a second on {device}</source>
        <translation>{n} Bilder pro Sekunde auf {device}</translation>
    </message>
    <message>
        <source>Asking for the size …</source>
        <translation>Größe wird erfragt…</translation>
    </message>
    <message>
        <source>Removing …</source>
        <translation>Wird entfernt…</translation>
    </message>
    <message>
        <source>{size} are free again.</source>
        <translation>{size} sind wieder frei.</translation>
    </message>
    <message>
        <source>{size} of it are on this disk already.</source>
        <translation>Davon liegen {size} schon auf dieser Festplatte.</translation>
    </message>
    <message>
        <source>{size} will be downloaded to {folder}.</source>
        <translation>{size} werden nach {folder} geladen.</translation>
    </message>
    <message>
        <source>{left} of {size} are still to be downloaded to {folder}.</source>
        <translation>{left} von {size} sind noch nach {folder} zu laden.</translation>
    </message>
</context>
<context>
    <name>ModelsPage</name>
    <message>
        <source>Nothing is downloaded unless you ask for it, and models on this disk need no network. A project keeps its image model until you change it there.</source>
        <translation>Ohne Ihren Auftrag wird nichts heruntergeladen, und Modelle auf dieser Festplatte brauchen kein Netz. Ein Projekt behält sein Bildmodell, bis Sie es dort wechseln.</translation>
    </message>
</context>
<context>
    <name>NamesFile</name>
    <message>
        <source>Choose a file with category names</source>
        <translation>Datei mit Kategorienamen wählen</translation>
    </message>
    <message>
        <source>Text files (*.txt *.csv);;All files (*)</source>
        <translation>Textdateien (*.txt *.csv);;Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>NewProjectForm</name>
    <message>
        <source>New project</source>
        <translation>Neues Projekt</translation>
    </message>
    <message>
        <source>Inside the first image folder, as .tailspotter</source>
        <translation>Im ersten Bildordner, als .tailspotter</translation>
    </message>
    <message>
        <source>Project folder</source>
        <translation>Projektordner</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen…</translation>
    </message>
    <message>
        <source>Browse for the project folder</source>
        <translation>Nach dem Projektordner suchen</translation>
    </message>
    <message>
        <source>Create project</source>
        <translation>Projekt anlegen</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Image model</source>
        <translation>Bildmodell</translation>
    </message>
    <message>
        <source>Categories</source>
        <translation>Kategorien</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Projekt</translation>
    </message>
    <message>
        <source>There is already a project for these images. Open it, or choose a different project folder.</source>
        <translation>Für diese Bilder gibt es schon ein Projekt. Öffnen Sie es, oder wählen Sie einen anderen Projektordner.</translation>
    </message>
    <message>
        <source>The image folder is read-only. Choose a different folder for the project.</source>
        <translation>Der Bildordner ist schreibgeschützt. Wählen Sie einen anderen Ordner für das Projekt.</translation>
    </message>
    <message>
        <source>Choose a folder for the project</source>
        <translation>Ordner für das Projekt wählen</translation>
    </message>
</context>
<context>
    <name>NoLine</name>
    <message>
        <source>no: {names}</source>
        <translation>Nein: {names}</translation>
    </message>
    <message>
        <source>{name} (but {category} is yes)</source>
        <translation>{name} (aber {category} ist Ja)</translation>
    </message>
    <message>
        <source>{name} ({n} of {total})</source>
        <translation>{name} ({n} von {total})</translation>
    </message>
</context>
<context>
    <name>NothingSuggested</name>
    <message>
        <source>There are no categories yet. Type what you see in this image: each new name becomes a category.</source>
        <translation>Noch keine Kategorien. Tippen Sie, was Sie auf diesem Bild sehen: Jeder neue Name wird eine Kategorie.</translation>
    </message>
    <message>
        <source>Add a category</source>
        <translation>Kategorie hinzufügen</translation>
    </message>
    <message>
        <source>None of the images in this project can be read, so there are no suggestions. You can still label the images.</source>
        <translation>Keines der Bilder dieses Projekts ist lesbar, daher gibt es keine Vorschläge. Labeln ist trotzdem möglich.</translation>
    </message>
    <message>
        <source>Suggestions are being prepared and appear when they are ready. You can label the images meanwhile.</source>
        <translation>Vorschläge werden vorbereitet und erscheinen, sobald sie fertig sind. Labeln können Sie schon jetzt.</translation>
    </message>
    <message>
        <source>Loading the suggestions…</source>
        <translation>Vorschläge werden geladen…</translation>
    </message>
    <message>
        <source>There are no suggestions: features were never computed, and the project is read-only.</source>
        <translation>Es gibt keine Vorschläge: Merkmale wurden nie berechnet, und das Projekt ist schreibgeschützt.</translation>
    </message>
    <message>
        <source>Compute features</source>
        <translation>Merkmale berechnen</translation>
    </message>
    <message>
        <source>This image has no features yet, so nothing can be suggested.</source>
        <translation>Dieses Bild hat noch keine Merkmale, daher gibt es keine Vorschläge.</translation>
    </message>
    <message>
        <source>There are no suggestions yet. They need the features of {n} image, computed once: about {size} on disk. This runs in the background and can be stopped.</source>
        <translation>Noch keine Vorschläge. Sie brauchen die Merkmale von {n} Bild, einmal berechnet: etwa {size} auf der Festplatte. Das läuft im Hintergrund und lässt sich anhalten.</translation>
    </message>
    <message>
        <source>There are no suggestions yet. They need the features of {n} images, computed once: about {size} on disk. This runs in the background and can be stopped.</source>
        <translation>Noch keine Vorschläge. Sie brauchen die Merkmale von {n} Bildern, einmal berechnet: etwa {size} auf der Festplatte. Das läuft im Hintergrund und lässt sich anhalten.</translation>
    </message>
</context>
<context>
    <name>NumberPanel</name>
    <message>
        <source>Number the first ten</source>
        <translation>Die ersten zehn nummerieren</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Nummerieren</translation>
    </message>
    <message>
        <source>The first ten categories have the keys 1 to 0 already.</source>
        <translation>Die ersten zehn Kategorien haben schon die Tasten 1 bis 0.</translation>
    </message>
    <message>
        <source>{category}: {key} (was {before})</source>
        <translation>{category}: {key} (bisher {before})</translation>
    </message>
    <message>
        <source>{category}: no key (was {before})</source>
        <translation>{category}: keine Taste (bisher {before})</translation>
    </message>
    <message>
        <source>{category}: {key}</source>
        <translation>{category}: {key}</translation>
    </message>
    <message>
        <source>The first ten categories of your order get the keys 1 to 0. These keys change:</source>
        <translation>Die ersten zehn Kategorien Ihrer Reihenfolge bekommen die Tasten 1 bis 0. Diese Tasten ändern sich:</translation>
    </message>
    <message>
        <source>Number the first ten categories</source>
        <translation>Erste zehn Kategorien nummerieren</translation>
    </message>
</context>
<context>
    <name>OptionForm</name>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
</context>
<context>
    <name>OutdatedNotice</name>
    <message>
        <source>Show all such images</source>
        <translation>Alle solchen Bilder anzeigen</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message>
        <source>{n} category is newer than this review: check it</source>
        <translation>{n} Kategorie ist neuer als diese Prüfung: prüfen</translation>
    </message>
    <message>
        <source>{n} categories are newer than this review: check them</source>
        <translation>{n} Kategorien sind neuer als diese Prüfung: prüfen</translation>
    </message>
</context>
<context>
    <name>Palette</name>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation>Was möchten Sie tun?</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Matching commands</source>
        <translation>Passende Befehle</translation>
    </message>
    <message>
        <source>No matching command. Esc closes.</source>
        <translation>Kein passender Befehl. Esc schließt.</translation>
    </message>
</context>
<context>
    <name>PictureBox</name>
    <message>
        <source>No picture of this file was kept.</source>
        <translation>Von dieser Datei ist kein Bild aufbewahrt.</translation>
    </message>
</context>
<context>
    <name>Pictures</name>
    <message>
        <source>its stored thumbnail is damaged</source>
        <translation>das gespeicherte Vorschaubild ist beschädigt</translation>
    </message>
</context>
<context>
    <name>Placement</name>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>blue</source>
        <translation>Blau</translation>
    </message>
    <message>
        <source>light blue</source>
        <translation>Hellblau</translation>
    </message>
    <message>
        <source>green</source>
        <translation>Grün</translation>
    </message>
    <message>
        <source>olive</source>
        <translation>Oliv</translation>
    </message>
    <message>
        <source>yellow</source>
        <translation>Gelb</translation>
    </message>
    <message>
        <source>orange</source>
        <translation>Orange</translation>
    </message>
    <message>
        <source>red</source>
        <translation>Rot</translation>
    </message>
    <message>
        <source>magenta</source>
        <translation>Magenta</translation>
    </message>
    <message>
        <source>wine red</source>
        <translation>Weinrot</translation>
    </message>
    <message>
        <source>grey</source>
        <translation>Grau</translation>
    </message>
</context>
<context>
    <name>PositionKeys</name>
    <message>
        <source>{key} is used for “{command}”; hold Shift to type {digit}.</source>
        <translation>{key} wird für „{command}“ verwendet; halten Sie die Umschalttaste, um {digit} zu tippen.</translation>
    </message>
</context>
<context>
    <name>Preferences</name>
    <message>
        <source>Appearance</source>
        <translation>Darstellung</translation>
    </message>
    <message>
        <source>Suggestions</source>
        <translation>Vorschläge</translation>
    </message>
    <message>
        <source>Startup</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Image folders</source>
        <translation>Bildordner</translation>
    </message>
    <message>
        <source>Memory and disk</source>
        <translation>Arbeitsspeicher und Festplatte</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>Textgröße</translation>
    </message>
    <message>
        <source>Motion</source>
        <translation>Bewegung</translation>
    </message>
    <message>
        <source>Thumbnail size</source>
        <translation>Größe der Vorschaubilder</translation>
    </message>
    <message>
        <source>File names</source>
        <translation>Dateinamen</translation>
    </message>
    <message>
        <source>Training reminder</source>
        <translation>Trainingserinnerung</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Last project</source>
        <translation>Letztes Projekt</translation>
    </message>
    <message>
        <source>Watch</source>
        <translation>Überwachen</translation>
    </message>
    <message>
        <source>Image memory</source>
        <translation>Bildspeicher</translation>
    </message>
    <message>
        <source>Thumbnails on disk</source>
        <translation>Vorschaubilder auf der Festplatte</translation>
    </message>
    <message>
        <source>Language of the window. Takes effect after a restart.</source>
        <translation>Sprache des Fensters. Wirkt nach einem Neustart.</translation>
    </message>
    <message>
        <source>Light or dark theme.</source>
        <translation>Helles oder dunkles Design.</translation>
    </message>
    <message>
        <source>Size of all text, in percent of the system&apos;s font.</source>
        <translation>Größe aller Texte, in Prozent der Systemschrift.</translation>
    </message>
    <message>
        <source>Animated transitions in the window.</source>
        <translation>Animierte Übergänge im Fenster.</translation>
    </message>
    <message>
        <source>Width of the thumbnails in the grid, in pixels.</source>
        <translation>Breite der Vorschaubilder im Raster, in Pixeln.</translation>
    </message>
    <message>
        <source>Show file names below thumbnails.</source>
        <translation>Namen unter den Bildern anzeigen.</translation>
    </message>
    <message>
        <source>Number of suggestions listed for an image.</source>
        <translation>Zahl der Vorschläge je Bild.</translation>
    </message>
    <message>
        <source>New answers after which training a new version is suggested; 0 for never.</source>
        <translation>Neue Antworten, nach denen das Training einer neuen Version vorgeschlagen wird; 0 für nie.</translation>
    </message>
    <message>
        <source>Where the model runs.</source>
        <translation>Wo das Modell rechnet.</translation>
    </message>
    <message>
        <source>Reopen the last project at startup.</source>
        <translation>Beim Start das letzte Projekt wieder öffnen.</translation>
    </message>
    <message>
        <source>Look for new and changed images.</source>
        <translation>Nach neuen und geänderten Bildern sehen.</translation>
    </message>
    <message>
        <source>Memory for decoded images. Takes effect after a restart.</source>
        <translation>Arbeitsspeicher für geladene Bilder. Wirkt nach einem Neustart.</translation>
    </message>
    <message>
        <source>Disk space for the thumbnails of one project. Takes effect after a restart.</source>
        <translation>Platz für die Vorschaubilder eines Projekts. Wirkt nach einem Neustart.</translation>
    </message>
    <message>
        <source>Same as the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Reduced</source>
        <translation>Reduziert</translation>
    </message>
    <message>
        <source>Fastest available</source>
        <translation>Das schnellste verfügbare</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>NVIDIA GPU (CUDA)</source>
        <translation>NVIDIA-GPU (CUDA)</translation>
    </message>
    <message>
        <source>Apple GPU (MPS)</source>
        <translation>Apple-GPU (MPS)</translation>
    </message>
</context>
<context>
    <name>PreferencesPanel</name>
    <message>
        <source>Preferences</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Image models</source>
        <translation>Bildmodelle</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Changes are saved immediately.</source>
        <translation>Änderungen werden sofort gespeichert.</translation>
    </message>
</context>
<context>
    <name>PreparingLine</name>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Looking for images</source>
        <translation>Bilder werden gesucht</translation>
    </message>
    <message>
        <source>Suggestions are not being prepared</source>
        <translation>Vorschläge werden nicht vorbereitet</translation>
    </message>
    <message>
        <source>Preparing suggestions</source>
        <translation>Vorschläge werden vorbereitet</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message>
        <source>{words}, about {left}</source>
        <translation>{words}, etwa {left}</translation>
    </message>
</context>
<context>
    <name>PreviewStrip</name>
    <message>
        <source>Some of the images</source>
        <translation>Einige der Bilder</translation>
    </message>
</context>
<context>
    <name>Probability</name>
    <message>
        <source>not learned yet</source>
        <translation>noch nicht gelernt</translation>
    </message>
    <message>
        <source>few examples</source>
        <translation>wenige Beispiele</translation>
    </message>
    <message>
        <source>{probability}, no threshold yet</source>
        <translation>{probability}, noch keine Schwelle</translation>
    </message>
    <message>
        <source>{probability}, at or above the threshold of {threshold}</source>
        <translation>{probability}, an oder über der Schwelle von {threshold}</translation>
    </message>
    <message>
        <source>{probability}, below the threshold of {threshold}</source>
        <translation>{probability}, unter der Schwelle von {threshold}</translation>
    </message>
</context>
<context>
    <name>Problems</name>
    <message>
        <source>the file is gone</source>
        <translation>die Datei ist verschwunden</translation>
    </message>
    <message>
        <source>its folder cannot be read</source>
        <translation>ihr Ordner ist nicht lesbar</translation>
    </message>
    <message>
        <source>vanished while the scan was running</source>
        <translation>während der Suche verschwunden</translation>
    </message>
    <message>
        <source>another image has the same path</source>
        <translation>ein anderes Bild hat denselben Pfad</translation>
    </message>
    <message>
        <source>cannot be read ({reason})</source>
        <translation>nicht lesbar ({reason})</translation>
    </message>
    <message>
        <source>the folder cannot be read ({reason})</source>
        <translation>der Ordner ist nicht lesbar ({reason})</translation>
    </message>
    <message>
        <source>the image folder cannot be read ({reason})</source>
        <translation>der Bildordner ist nicht lesbar ({reason})</translation>
    </message>
    <message>
        <source>the image folder is not there</source>
        <translation>den Bildordner gibt es nicht</translation>
    </message>
    <message>
        <source>lacks its end mark</source>
        <translation>ohne Endmarke</translation>
    </message>
    <message>
        <source>one frame of an animation is shown</source>
        <translation>ein Einzelbild einer Animation</translation>
    </message>
    <message>
        <source>only the first of {n} pages is shown</source>
        <translation>nur die erste von {n} Seiten</translation>
    </message>
    <message>
        <source>cut: the last details are missing</source>
        <translation>abgeschnitten: die letzten Einzelheiten fehlen</translation>
    </message>
    <message>
        <source>cut: {share}% of the picture is missing</source>
        <translation>abgeschnitten: {share}&#x202f;% des Bildes fehlen</translation>
    </message>
    <message>
        <source>a broken link</source>
        <translation>ein defekter Link</translation>
    </message>
    <message>
        <source>not a file</source>
        <translation>keine Datei</translation>
    </message>
    <message>
        <source>not found</source>
        <translation>nicht gefunden</translation>
    </message>
    <message>
        <source>no permission to read</source>
        <translation>keine Leseberechtigung</translation>
    </message>
    <message>
        <source>empty file (0 bytes)</source>
        <translation>leere Datei (0 Byte)</translation>
    </message>
    <message>
        <source>truncated: the file ends early</source>
        <translation>abgeschnitten: Die Datei endet zu früh</translation>
    </message>
    <message>
        <source>truncated: the file ends early, the last details are missing</source>
        <translation>abgeschnitten: Die Datei endet zu früh, die letzten Einzelheiten fehlen</translation>
    </message>
    <message>
        <source>truncated: the file ends early, {share}% of the picture is missing</source>
        <translation>abgeschnitten: Die Datei endet zu früh, {share}&#x202f;% des Bildes fehlen</translation>
    </message>
    <message>
        <source>truncated: the file ends early, only {share}% of the picture is missing</source>
        <translation>abgeschnitten: Die Datei endet zu früh, nur {share}&#x202f;% des Bildes fehlen</translation>
    </message>
    <message>
        <source>truncated: the file ends early, only the last details are missing</source>
        <translation>abgeschnitten: Die Datei endet zu früh, nur die letzten Einzelheiten fehlen</translation>
    </message>
    <message>
        <source>truncated or damaged: the TIFF data cannot be decoded</source>
        <translation>abgeschnitten oder beschädigt: Die TIFF-Daten lassen sich nicht entschlüsseln</translation>
    </message>
    <message>
        <source>damaged: the {format} data cannot be decoded</source>
        <translation>beschädigt: Die {format}-Daten lassen sich nicht entschlüsseln</translation>
    </message>
    <message>
        <source>too large: there is not enough memory to decode it</source>
        <translation>zu groß: Der Arbeitsspeicher reicht nicht aus</translation>
    </message>
    <message>
        <source>too large: {width} x {height} pixels (limit {limit} megapixels)</source>
        <translation>zu groß: {width} × {height} Pixel (Grenze {limit} Megapixel)</translation>
    </message>
    <message>
        <source>too large: the {format} reader is limited to {limit} megapixels</source>
        <translation>zu groß: {format} ist auf {limit} Megapixel begrenzt</translation>
    </message>
    <message>
        <source>not supported on this machine: {format} (its reader is not installed)</source>
        <translation>auf diesem Rechner nicht unterstützt: {format} (das Leseprogramm ist nicht installiert)</translation>
    </message>
    <message>
        <source>not supported yet: this kind of {format} (export it as PNG)</source>
        <translation>noch nicht unterstützt: diese Art von {format} (als PNG exportieren)</translation>
    </message>
    <message>
        <source>not supported yet: {format} (export it as PNG)</source>
        <translation>noch nicht unterstützt: {format} (als PNG exportieren)</translation>
    </message>
    <message>
        <source>not an image (the content is only zero bytes)</source>
        <translation>kein Bild (der Inhalt besteht nur aus Nullbytes)</translation>
    </message>
    <message>
        <source>not an image (the content is of an unknown kind)</source>
        <translation>kein Bild (die Art des Inhalts ist unbekannt)</translation>
    </message>
    <message>
        <source>not an image (the content is a web page)</source>
        <translation>kein Bild (der Inhalt ist eine Webseite)</translation>
    </message>
    <message>
        <source>not an image (the content is text)</source>
        <translation>kein Bild (der Inhalt ist Text)</translation>
    </message>
    <message>
        <source>not an image (the content is {found})</source>
        <translation>kein Bild (der Inhalt ist {found})</translation>
    </message>
</context>
<context>
    <name>Project</name>
    <message>
        <source>The project {folder} is read-only here ({obstacle}): nothing was changed; make it writable or copy it to a place that is.</source>
        <translation>Das Projekt {folder} ist hier schreibgeschützt ({obstacle}): Nichts wurde geändert; machen Sie es beschreibbar, oder kopieren Sie es an einen beschreibbaren Ort.</translation>
    </message>
    <message>
        <source>{path} is a backup of another project, so it cannot be restored here; to use it, copy it as project.db into an empty folder.</source>
        <translation>{path} ist eine Sicherung eines anderen Projekts und lässt sich hier nicht wiederherstellen; um sie zu nutzen, kopieren Sie sie als project.db in einen leeren Ordner.</translation>
    </message>
    <message>
        <source>the newest one is {newest}</source>
        <translation>die neueste ist {newest}</translation>
    </message>
    <message>
        <source>the project has none</source>
        <translation>das Projekt hat keine</translation>
    </message>
    <message>
        <source>There is no backup {wanted}; {hint}.</source>
        <translation>Es gibt keine Sicherung {wanted}; {hint}.</translation>
    </message>
    <message>
        <source>The category {category} is archived; restore it instead.</source>
        <translation>Die Kategorie {category} ist archiviert; stellen Sie sie stattdessen wieder her.</translation>
    </message>
    <message>
        <source>A category needs at least one prompt, and none of its prompts may be empty.</source>
        <translation>Eine Kategorie braucht mindestens einen Prompt, und keiner darf leer sein.</translation>
    </message>
    <message>
        <source>There is no noun with the sense {sense}; choose one of the listed meanings.</source>
        <translation>Es gibt kein Substantiv mit der Bedeutung {sense}; wählen Sie eine der genannten Bedeutungen.</translation>
    </message>
    <message>
        <source>{key} cannot be the key of a category; choose a digit or one of {names}.</source>
        <translation>{key} kann nicht die Taste einer Kategorie sein; wählen Sie eine Ziffer oder eine von {names}.</translation>
    </message>
    <message>
        <source>{colour} is not a colour; write it as #rrggbb, for example #2a7f62.</source>
        <translation>{colour} ist keine Farbe; schreiben Sie sie als #rrggbb, zum Beispiel #2a7f62.</translation>
    </message>
    <message>
        <source>The category {category} is archived; restore it before it is a parent.</source>
        <translation>Die Kategorie {category} ist archiviert; stellen Sie sie wieder her, bevor sie Oberkategorie wird.</translation>
    </message>
    <message>
        <source>The key {key} belongs to the category {other}; choose a different one.</source>
        <translation>Die Taste {key} gehört zur Kategorie {other}; wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>The name {taken} already belongs to the category {other}, which is archived; choose a different one.</source>
        <translation>Der Name {taken} gehört schon zur Kategorie {other}, die archiviert ist; wählen Sie einen anderen.</translation>
    </message>
    <message>
        <source>The name {taken} already belongs to the category {other}; choose a different one.</source>
        <translation>Der Name {taken} gehört schon zur Kategorie {other}; wählen Sie einen anderen.</translation>
    </message>
    <message>
        <source>{filename} cannot be read: {reason}.</source>
        <translation>{filename} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>A project needs at least one folder of images.</source>
        <translation>Ein Projekt braucht mindestens einen Ordner mit Bildern.</translation>
    </message>
    <message>
        <source>There is no image folder {root}.</source>
        <translation>Es gibt keinen Bildordner {root}.</translation>
    </message>
    <message>
        <source>{root} is a file; give the folder that holds the images.</source>
        <translation>{root} ist eine Datei; geben Sie den Ordner mit den Bildern an.</translation>
    </message>
    <message>
        <source>The image folder {inner} is inside {outer}; give only the outer one.</source>
        <translation>Der Bildordner {inner} liegt in {outer}; geben Sie nur den äußeren an.</translation>
    </message>
    <message>
        <source>{folder} is a file; a project needs a folder.</source>
        <translation>{folder} ist eine Datei; ein Projekt braucht einen Ordner.</translation>
    </message>
    <message>
        <source>There is already a project in {folder}; open it or choose a different folder.</source>
        <translation>In {folder} gibt es schon ein Projekt; öffnen Sie es, oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>The project folder {folder} cannot be created: {reason}.</source>
        <translation>Der Projektordner {folder} lässt sich nicht anlegen: {reason}.</translation>
    </message>
    <message>
        <source> (and {n} more)</source>
        <translation> (und {n} weitere)</translation>
    </message>
    <message>
        <source>The image folder {path}{more} is not there: every label is kept, but {words} cannot be shown; attach the disk, put the folder back, or say where it is now.</source>
        <translation>Den Bildordner {path}{more} gibt es nicht: Jedes Label bleibt, aber nicht anzeigbar: {words}; verbinden Sie die Festplatte, stellen Sie den Ordner wieder her, oder sagen Sie, wo er jetzt ist.</translation>
    </message>
    <message>
        <source>None of the {known} images of {path} is in {new} under the same path, so nothing was changed; give the folder that holds them, or use &apos;tailspotter relocate&apos; with --force if all of them were renamed.</source>
        <translation>Keines der {known} Bilder von {path} liegt unter demselben Pfad in {new}, daher wurde nichts geändert; geben Sie den Ordner an, der sie enthält.</translation>
    </message>
    <message>
        <source>{old} fits several image folders; give the whole path, one of: {listed}.</source>
        <translation>{old} passt zu mehreren Bildordnern; geben Sie den ganzen Pfad an, einen von: {listed}.</translation>
    </message>
    <message>
        <source>{old} is not an image folder of this project; its image folders are: {listed}.</source>
        <translation>{old} ist kein Bildordner dieses Projekts; seine Bildordner sind: {listed}.</translation>
    </message>
    <message>
        <source>There is no folder {target}.</source>
        <translation>Es gibt keinen Ordner {target}.</translation>
    </message>
    <message>
        <source>{target} is a file; give the folder that holds the images.</source>
        <translation>{target} ist eine Datei; geben Sie den Ordner mit den Bildern an.</translation>
    </message>
    <message>
        <source>{target} cannot be read: {reason}.</source>
        <translation>{target} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>The project already uses {path}; scan it to find its changes.</source>
        <translation>Das Projekt verwendet {path} schon; durchsuchen Sie den Ordner, um Änderungen zu finden.</translation>
    </message>
    <message>
        <source>{resolved} and the image folder {path} overlap, so images would be found twice; choose a folder outside of it.</source>
        <translation>{resolved} und der Bildordner {path} überschneiden sich, Bilder würden doppelt gefunden; wählen Sie einen Ordner außerhalb.</translation>
    </message>
    <message>
        <source>Looking for the known images</source>
        <translation>Die bekannten Bilder werden gesucht</translation>
    </message>
    <message>
        <source>Stopped; the project still uses the old image folder.</source>
        <translation>Angehalten; das Projekt verwendet weiter den alten Bildordner.</translation>
    </message>
    <message>
        <source>another program is writing to it, so it could not be updated to this version</source>
        <translation>ein anderes Programm schreibt gerade hinein, daher konnte es nicht auf diese Version gebracht werden</translation>
    </message>
    <message>
        <source>wait until that program has finished and try again</source>
        <translation>warten Sie, bis jenes Programm fertig ist, und versuchen Sie es erneut</translation>
    </message>
    <message>
        <source>it cannot be written to</source>
        <translation>es ist nicht beschreibbar</translation>
    </message>
    <message>
        <source>you may not write into its folder</source>
        <translation>Sie dürfen nicht in seinen Ordner schreiben</translation>
    </message>
    <message>
        <source>{database} is not the database of a Tailspotter project.</source>
        <translation>{database} ist nicht die Datenbank eines Tailspotter-Projekts.</translation>
    </message>
    <message>
        <source>The project {folder} cannot be opened: {reason}.</source>
        <translation>Das Projekt {folder} lässt sich nicht öffnen: {reason}.</translation>
    </message>
    <message>
        <source>There is no folder {folder}.</source>
        <translation>Es gibt keinen Ordner {folder}.</translation>
    </message>
    <message>
        <source>{folder} is not a Tailspotter project; create one with &apos;tailspotter new&apos;.</source>
        <translation>{folder} ist kein Tailspotter-Projekt; legen Sie eines mit „Neues Projekt“ an.</translation>
    </message>
    <message>
        <source>{path} cannot be removed: {reason}.</source>
        <translation>{path} lässt sich nicht entfernen: {reason}.</translation>
    </message>
    <message>
        <source>{path} cannot be written: {reason}.</source>
        <translation>{path} lässt sich nicht schreiben: {reason}.</translation>
    </message>
    <message>
        <source>{path} has answers that could not be saved last time, but it cannot be read: {reason}.</source>
        <translation>{path} enthält Antworten, die sich beim letzten Mal nicht speichern ließen, ist aber nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>Line {number} of {path} is damaged, so the answers that could not be saved last time cannot be restored; they are kept in {aside}.</source>
        <translation>Zeile {number} von {path} ist beschädigt, daher lassen sich die beim letzten Mal nicht gespeicherten Antworten nicht wiederherstellen; sie bleiben in {aside}.</translation>
    </message>
    <message>
        <source>The category {category} cannot be its own parent.</source>
        <translation>Die Kategorie {category} kann nicht ihre eigene Oberkategorie sein.</translation>
    </message>
    <message>
        <source>{parent} is already below {category}, so it cannot be its parent; change the parent of {parent} first.</source>
        <translation>{parent} liegt schon unter {category} und kann daher nicht die Oberkategorie sein; ändern Sie zuerst die Oberkategorie von {parent}.</translation>
    </message>
    <message>
        <source>A category cannot be merged into itself.</source>
        <translation>Eine Kategorie kann nicht mit sich selbst zusammengeführt werden.</translation>
    </message>
    <message>
        <source>The category {category} is archived; restore it before merging another into it.</source>
        <translation>Die Kategorie {category} ist archiviert; stellen Sie sie vor dem Zusammenführen wieder her.</translation>
    </message>
    <message>
        <source>Places in the order count from 1.</source>
        <translation>Plätze in der Reihenfolge zählen ab 1.</translation>
    </message>
    <message>
        <source>Medium from {medium} and head from {head} yes labels: the first must be at least 1, and the second higher than it, at most {most}.</source>
        <translation>Mittel ab {medium} und häufig ab {head} Ja: Die erste Zahl muss mindestens 1 sein, die zweite größer als die erste und höchstens {most}.</translation>
    </message>
</context>
<context>
    <name>ProjectForm</name>
    <message>
        <source>Fewer, and more often right</source>
        <translation>Weniger, dafür öfter richtig</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>Ausgewogen</translation>
    </message>
    <message>
        <source>More, so that fewer are missed</source>
        <translation>Mehr, damit weniger übersehen wird</translation>
    </message>
    <message>
        <source>Medium from</source>
        <translation>Mittel ab</translation>
    </message>
    <message>
        <source>images labelled yes; with fewer it is tail</source>
        <translation>Bildern mit Ja; mit weniger ist eine Kategorie selten</translation>
    </message>
    <message>
        <source>Head from</source>
        <translation>Häufig ab</translation>
    </message>
    <message>
        <source>images labelled yes</source>
        <translation>Bildern mit Ja</translation>
    </message>
    <message>
        <source>Checked suggestions</source>
        <translation>Angekreuzte Vorschläge</translation>
    </message>
</context>
<context>
    <name>ProjectMenu</name>
    <message>
        <source>Open recent</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
</context>
<context>
    <name>ProjectPanel</name>
    <message>
        <source>Project settings</source>
        <translation>Projekteinstellungen</translation>
    </message>
    <message>
        <source>Add folder…</source>
        <translation>Ordner hinzufügen…</translation>
    </message>
    <message>
        <source>Locate folder…</source>
        <translation>Neu zuordnen…</translation>
    </message>
    <message>
        <source>Scan now</source>
        <translation>Jetzt durchsuchen</translation>
    </message>
    <message>
        <source>Change image model…</source>
        <translation>Bildmodell wechseln…</translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation>Jetzt sichern</translation>
    </message>
    <message>
        <source>There are no backups yet. The first daily one is made on the next day of use.</source>
        <translation>Noch keine Sicherungen. Die erste tägliche entsteht am nächsten Tag, an dem Sie das Projekt benutzen.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Image folders</source>
        <translation>Bildordner</translation>
    </message>
    <message>
        <source>Image model</source>
        <translation>Bildmodell</translation>
    </message>
    <message>
        <source>Categories and suggestions</source>
        <translation>Kategorien und Vorschläge</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>Sicherungen</translation>
    </message>
    <message>
        <source>Labels, reviews and categories are backed up once a day while you work. Images and features are not part of a backup.</source>
        <translation>Labels, Prüfungen und Kategorien werden einmal am Tag gesichert, während Sie arbeiten. Bilder und Merkmale gehören nicht zur Sicherung.</translation>
    </message>
    <message>
        <source>Choose a folder of images</source>
        <translation>Ordner mit Bildern wählen</translation>
    </message>
    <message>
        <source>Backed up ({size}).</source>
        <translation>Gesichert ({size}).</translation>
    </message>
</context>
<context>
    <name>ProjectRow</name>
    <message>
        <source>Remove {name} from this list</source>
        <translation>{name} aus dieser Liste entfernen</translation>
    </message>
    <message>
        <source>Remove from this list (Del). The project itself is kept.</source>
        <translation>Aus dieser Liste entfernen (Entf). Das Projekt selbst bleibt.</translation>
    </message>
    <message>
        <source>Not found: connect its disk, or open it from its new location</source>
        <translation>Nicht gefunden: Verbinden Sie die Festplatte, oder öffnen Sie es am neuen Ort</translation>
    </message>
    <message>
        <source>{n} image</source>
        <translation>{n} Bild</translation>
    </message>
    <message>
        <source>{n} images</source>
        <translation>{n} Bilder</translation>
    </message>
    <message>
        <source>none reviewed yet</source>
        <translation>noch keines geprüft</translation>
    </message>
    <message>
        <source>all reviewed</source>
        <translation>alle geprüft</translation>
    </message>
    <message>
        <source>{n} unreviewed, continue</source>
        <translation>{n} ungeprüft, fortsetzen</translation>
    </message>
    <message>
        <source>{n} category</source>
        <translation>{n} Kategorie</translation>
    </message>
    <message>
        <source>{n} categories</source>
        <translation>{n} Kategorien</translation>
    </message>
    <message>
        <source>opened {day}</source>
        <translation>geöffnet {day}</translation>
    </message>
</context>
<context>
    <name>ProjectSettings</name>
    <message>
        <source>Restored the backup of {time}.</source>
        <translation>Sicherung vom {time} wiederhergestellt.</translation>
    </message>
    <message>
        <source>The state before is kept as {name}.</source>
        <translation>Der vorige Stand bleibt als {name} erhalten.</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>Nichts wurde geändert.</translation>
    </message>
</context>
<context>
    <name>QualityTable</name>
    <message>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>Quality runs from 0 to 1 and is measured on images kept aside: 1 means that every image with a category ranks above every image without it.</source>
        <translation>Die Qualität reicht von 0 bis 1 und wird an zurückgehaltenen Bildern gemessen: 1 heißt, dass jedes Bild mit einer Kategorie vor jedem ohne sie steht.</translation>
    </message>
    <message>
        <source>90 % interval: chance alone moves the number within it.</source>
        <translation>90-%-Intervall: Innerhalb davon bewegt schon der Zufall die Zahl.</translation>
    </message>
</context>
<context>
    <name>Query</name>
    <message>
        <source>; did you mean {suggestion}?</source>
        <translation>; meinten Sie {suggestion}?</translation>
    </message>
    <message>
        <source>Query, column {position}: {message}{hint}</source>
        <translation>Abfrage, Spalte {position}: {message}{hint}</translation>
    </message>
    <message>
        <source>&quot;{word}&quot; is an operator in capitals and a category in quotes</source>
        <translation>„{word}“ ist groß geschrieben ein Operator und in Anführungszeichen eine Kategorie</translation>
    </message>
    <message>
        <source>in quotes a backslash is allowed only before &quot; or another backslash</source>
        <translation>in Anführungszeichen ist ein Backslash nur vor &quot; oder einem weiteren Backslash erlaubt</translation>
    </message>
    <message>
        <source>this quote is never closed</source>
        <translation>dieses Anführungszeichen wird nie geschlossen</translation>
    </message>
    <message>
        <source>after the closing quote of {text} there must be a space, a bracket or the end</source>
        <translation>nach dem schließenden Anführungszeichen von {text} muss ein Leerzeichen, eine Klammer oder das Ende stehen</translation>
    </message>
    <message>
        <source>a quote is allowed only at the beginning of a name; inside a quoted name, write \&quot;</source>
        <translation>ein Anführungszeichen ist nur am Anfang eines Namens erlaubt; in einem Namen in Anführungszeichen schreiben Sie \&quot;</translation>
    </message>
    <message>
        <source>use straight quotes (&quot;) for names</source>
        <translation>verwenden Sie gerade Anführungszeichen (&quot;) für Namen</translation>
    </message>
    <message>
        <source>limit: can be given only once</source>
        <translation>limit: darf nur einmal vorkommen</translation>
    </message>
    <message>
        <source>only one sort: or similar: can be given</source>
        <translation>nur ein sort: oder similar: ist erlaubt</translation>
    </message>
    <message>
        <source>this bracket was never opened</source>
        <translation>diese Klammer wurde nie geöffnet</translation>
    </message>
    <message>
        <source>two negations in a row cancel each other</source>
        <translation>zwei Verneinungen nacheinander heben sich auf</translation>
    </message>
    <message>
        <source>brackets are nested deeper than {max_depth}</source>
        <translation>Klammern sind tiefer als {max_depth} verschachtelt</translation>
    </message>
    <message>
        <source>there is nothing between these brackets</source>
        <translation>zwischen diesen Klammern steht nichts</translation>
    </message>
    <message>
        <source>this bracket is never closed</source>
        <translation>diese Klammer wird nie geschlossen</translation>
    </message>
    <message>
        <source>{field}: is a modifier and cannot be negated</source>
        <translation>{field}: lässt sich nicht verneinen</translation>
    </message>
    <message>
        <source>{word} needs something after it</source>
        <translation>nach {word} muss etwas folgen</translation>
    </message>
    <message>
        <source>{word} needs something before it</source>
        <translation>vor {word} muss etwas stehen</translation>
    </message>
    <message>
        <source>a category or another term is expected here</source>
        <translation>hier wird eine Kategorie oder ein anderer Ausdruck erwartet</translation>
    </message>
    <message>
        <source>the modifier {word} must be at the end of a query</source>
        <translation>{word} muss am Ende einer Abfrage stehen</translation>
    </message>
    <message>
        <source>there is no category {name}</source>
        <translation>es gibt keine Kategorie {name}</translation>
    </message>
    <message>
        <source> (near: {names})</source>
        <translation> (ähnlich: {names})</translation>
    </message>
    <message>
        <source>as in path:&quot;folder/*.jpg&quot;</source>
        <translation>wie in path:&quot;folder/*.jpg&quot;</translation>
    </message>
    <message>
        <source>as in similar:&quot;image.jpg&quot;</source>
        <translation>wie in similar:&quot;image.jpg&quot;</translation>
    </message>
    <message>
        <source>sort:score: needs a category, as in sort:score:NAME</source>
        <translation>sort:score: braucht eine Kategorie, wie in sort:score:NAME</translation>
    </message>
    <message>
        <source>limit: needs a whole number from 1 to 999999999, as in limit:100</source>
        <translation>limit: braucht eine ganze Zahl von 1 bis 999999999, wie in limit:100</translation>
    </message>
    <message>
        <source>directly after the colon, as in {field}:NAME</source>
        <translation>direkt nach dem Doppelpunkt, wie in {field}:NAME</translation>
    </message>
    <message>
        <source>score: needs a name, one of &gt; &gt;= &lt; &lt;= and a number</source>
        <translation>score: braucht einen Namen, eines von &gt; &gt;= &lt; &lt;= und eine Zahl</translation>
    </message>
    <message>
        <source>a score is a number from 0 to 1, not {given}</source>
        <translation>ein Wert ist eine Zahl von 0 bis 1, nicht {given}</translation>
    </message>
    <message>
        <source>a score needs a number</source>
        <translation>ein Wert braucht eine Zahl</translation>
    </message>
    <message>
        <source>decided: needs a number of days, more than 0 and at most {max_days}, as in decided:7d</source>
        <translation>decided: braucht eine Zahl von Tagen, mehr als 0 und höchstens {max_days}, wie in decided:7d</translation>
    </message>
    <message>
        <source>one of {allowed}</source>
        <translation>eines von {allowed}</translation>
    </message>
    <message>
        <source>{field}: has no word &quot;{token}&quot;</source>
        <translation>{field}: kennt das Wort „{token}“ nicht</translation>
    </message>
    <message>
        <source>{field}: has no word &quot;{token}&quot;, only {allowed}</source>
        <translation>{field}: kennt das Wort „{token}“ nicht, nur {allowed}</translation>
    </message>
    <message>
        <source>{field}: needs a value, {what}</source>
        <translation>{field}: braucht einen Wert, {what}</translation>
    </message>
    <message>
        <source>There is no image {reference} in this project.</source>
        <translation>In diesem Projekt gibt es kein Bild {reference}.</translation>
    </message>
    <message>
        <source>{wanted_by} needs scores, and there are none yet: run `tailspotter index` on this project first.</source>
        <translation>{wanted_by} braucht Werte, und es gibt noch keine: Berechnen Sie zuerst die Merkmale dieses Projekts.</translation>
    </message>
    <message>
        <source>similar: needs the features of {reference}, and there are none yet: run `tailspotter index` on this project first.</source>
        <translation>similar: braucht die Merkmale von {reference}, und es gibt noch keine: Berechnen Sie zuerst die Merkmale dieses Projekts.</translation>
    </message>
    <message>
        <source>neither yes nor no for a category</source>
        <translation>weder Ja noch Nein für eine Kategorie</translation>
    </message>
    <message>
        <source>undecided, and suggested</source>
        <translation>offen und vorgeschlagen</translation>
    </message>
    <message>
        <source>undecided, and near the threshold</source>
        <translation>offen und nahe der Schwelle</translation>
    </message>
    <message>
        <source>probability of a category, as in score:NAME&gt;=0.5</source>
        <translation>Wahrscheinlichkeit einer Kategorie, wie in score:NAME&gt;=0.5</translation>
    </message>
    <message>
        <source>reviewed, unreviewed, outdated, labelled, unlabelled and others</source>
        <translation>geprüft, ungeprüft, veraltet, gelabelt, nicht gelabelt und andere</translation>
    </message>
    <message>
        <source>how a label was given</source>
        <translation>wie ein Label entstand</translation>
    </message>
    <message>
        <source>has a yes or a suggestion in a category of this band</source>
        <translation>hat ein Ja oder einen Vorschlag in einer so häufigen Kategorie</translation>
    </message>
    <message>
        <source>path of the file, with * and **</source>
        <translation>Pfad der Datei, mit * und **</translation>
    </message>
    <message>
        <source>labelled within the last days, as in decided:7d</source>
        <translation>in den letzten Tagen gelabelt, wie in decided:7d</translation>
    </message>
    <message>
        <source>order, as in sort:score:NAME</source>
        <translation>Reihenfolge, wie in sort:score:NAME</translation>
    </message>
    <message>
        <source>nearest to an image first</source>
        <translation>die ähnlichsten zu einem Bild zuerst</translation>
    </message>
    <message>
        <source>maximum number of images</source>
        <translation>Höchstzahl der Bilder</translation>
    </message>
    <message>
        <source>no for a category, given or implied by a review</source>
        <translation>Nein für eine Kategorie, gegeben oder durch Prüfung</translation>
    </message>
    <message>
        <source>An empty query shows all images; there is nothing to save.</source>
        <translation>Eine leere Abfrage zeigt alle Bilder; es gibt nichts zu speichern.</translation>
    </message>
    <message>
        <source>There is no saved query {name}; similar names: {near}.</source>
        <translation>Es gibt keine gespeicherte Abfrage {name}; ähnliche Namen: {near}.</translation>
    </message>
    <message>
        <source>There is no saved query {name}.</source>
        <translation>Es gibt keine gespeicherte Abfrage {name}.</translation>
    </message>
    <message>
        <source>There is already a saved query {name}; choose another name.</source>
        <translation>Es gibt schon eine gespeicherte Abfrage {name}; wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>A saved query needs a name.</source>
        <translation>Eine gespeicherte Abfrage braucht einen Namen.</translation>
    </message>
    <message>
        <source>The name of a saved query has at most {n} characters.</source>
        <translation>Der Name einer gespeicherten Abfrage hat höchstens {n} Zeichen.</translation>
    </message>
    <message>
        <source>The name of a saved query cannot contain control characters.</source>
        <translation>Der Name einer gespeicherten Abfrage darf keine Steuerzeichen enthalten.</translation>
    </message>
</context>
<context>
    <name>QueryBar</name>
    <message>
        <source>Filter: names, -name, is:unreviewed, sort:name</source>
        <translation>Filter: Namen, -Name, is:unreviewed, sort:name</translation>
    </message>
    <message>
        <source>Query</source>
        <translation>Abfrage</translation>
    </message>
    <message>
        <source>Completions</source>
        <translation>Ergänzungen</translation>
    </message>
</context>
<context>
    <name>QueryChip</name>
    <message>
        <source>Remove: {what}</source>
        <translation>Entfernen: {what}</translation>
    </message>
    <message>
        <source>Remove from the query</source>
        <translation>Aus der Abfrage entfernen</translation>
    </message>
</context>
<context>
    <name>QueryChips</name>
    <message>
        <source>{n} chosen image</source>
        <translation>{n} ausgewähltes Bild</translation>
    </message>
    <message>
        <source>{n} chosen images</source>
        <translation>{n} ausgewählte Bilder</translation>
    </message>
    <message>
        <source>Similar to {image}</source>
        <translation>Ähnlich zu {image}</translation>
    </message>
    <message>
        <source>First {n} image</source>
        <translation>Erstes Bild ({n})</translation>
    </message>
    <message>
        <source>First {n} images</source>
        <translation>Erste {n} Bilder</translation>
    </message>
</context>
<context>
    <name>QueryMenu</name>
    <message>
        <source>Saved queries</source>
        <translation>Gespeicherte Abfragen</translation>
    </message>
    <message>
        <source>Saved and recent queries</source>
        <translation>Gespeicherte und letzte Abfragen</translation>
    </message>
    <message>
        <source>Save this query…</source>
        <translation>Diese Abfrage speichern…</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Zuletzt verwendet</translation>
    </message>
</context>
<context>
    <name>QueryProblem</name>
    <message>
        <source>Use: {query}</source>
        <translation>Verwenden: {query}</translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>Places</source>
        <translation>Bereiche</translation>
    </message>
</context>
<context>
    <name>RecentList</name>
    <message>
        <source>Recent projects</source>
        <translation>Zuletzt geöffnet</translation>
    </message>
</context>
<context>
    <name>RelinkPanel</name>
    <message>
        <source>Missing images in new files</source>
        <translation>Fehlende Bilder in neuen Dateien</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Fehlt</translation>
    </message>
    <message>
        <source>New file</source>
        <translation>Neue Datei</translation>
    </message>
    <message>
        <source>Same image</source>
        <translation>Dasselbe Bild</translation>
    </message>
    <message>
        <source>Not the same</source>
        <translation>Nicht dasselbe</translation>
    </message>
    <message>
        <source>Undo the last link</source>
        <translation>Letzte Zuordnung rückgängig</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>{n} missing image may be in a new file</source>
        <translation>{n} fehlendes Bild liegt vielleicht in einer neuen Datei</translation>
    </message>
    <message>
        <source>{n} missing images may be in new files</source>
        <translation>{n} fehlende Bilder liegen vielleicht in neuen Dateien</translation>
    </message>
    <message>
        <source>No missing image was found in a new file</source>
        <translation>Kein fehlendes Bild wurde in einer neuen Datei gefunden</translation>
    </message>
    <message>
        <source>Labels, reviews and history stay with the image, which gets the new file.</source>
        <translation>Labels, Prüfungen und Verlauf bleiben beim Bild, das die neue Datei bekommt.</translation>
    </message>
    <message>
        <source>Every pair is decided. Images that are still missing keep their labels.</source>
        <translation>Jedes Paar ist entschieden. Bilder, die noch fehlen, behalten ihre Labels.</translation>
    </message>
    <message>
        <source>All {n} are the same</source>
        <translation>Alle {n} sind gleich</translation>
    </message>
    <message>
        <source>The same picture; only other data in the file differ.</source>
        <translation>Dasselbe Bild; nur andere Daten in der Datei unterscheiden sich.</translation>
    </message>
    <message>
        <source>The pictures look alike: {percent} %.</source>
        <translation>Die Bilder sehen gleich aus: {percent}&#x202f;%.</translation>
    </message>
    <message>
        <source>The image model sees similar pictures: {percent} %.</source>
        <translation>Das Bildmodell sieht ähnliche Bilder: {percent}&#x202f;%.</translation>
    </message>
    <message>
        <source>Link {n} missing image to its file</source>
        <translation>{n} fehlendes Bild seiner Datei zuordnen</translation>
    </message>
    <message>
        <source>Link {n} missing images to their files</source>
        <translation>{n} fehlende Bilder ihren Dateien zuordnen</translation>
    </message>
    <message>
        <source>Not the same image</source>
        <translation>Nicht dasselbe Bild</translation>
    </message>
</context>
<context>
    <name>Review</name>
    <message>
        <source>Accept all likely images of this category, after showing what to expect</source>
        <translation>Alle wahrscheinlichen Bilder dieser Kategorie übernehmen; vorher wird gezeigt, was zu erwarten ist</translation>
    </message>
    <message>
        <source>Accept likely images…</source>
        <translation>Wahrscheinliche Bilder übernehmen…</translation>
    </message>
    <message>
        <source>Likely</source>
        <translation>Wahrscheinlich</translation>
    </message>
    <message>
        <source>The most likely images first, some uncertain ones, and a random sample.</source>
        <translation>Die wahrscheinlichsten Bilder zuerst, einige unsichere und eine Zufallsauswahl.</translation>
    </message>
    <message>
        <source>Unsure</source>
        <translation>Unsicher</translation>
    </message>
    <message>
        <source>Images near the threshold; labelling them teaches the model most.</source>
        <translation>Bilder nahe der Schwelle; aus ihnen lernt das Modell am meisten.</translation>
    </message>
    <message>
        <source>Possibly wrong labels</source>
        <translation>Vielleicht falsche Labels</translation>
    </message>
    <message>
        <source>Labelled yes, but the model disagrees.</source>
        <translation>Label Ja, aber das Modell widerspricht.</translation>
    </message>
    <message>
        <source>Possibly missing labels</source>
        <translation>Vielleicht fehlende Labels</translation>
    </message>
    <message>
        <source>Labelled no, but probably yes.</source>
        <translation>Label Nein, aber wahrscheinlich Ja.</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>Zufällig</translation>
    </message>
    <message>
        <source>A random sample of the undecided images.</source>
        <translation>Eine Zufallsauswahl der offenen Bilder.</translation>
    </message>
    <message>
        <source>Imported suggestions</source>
        <translation>Importierte Vorschläge</translation>
    </message>
    <message>
        <source>What another model suggests, from an imported file; most certain first.</source>
        <translation>Was ein anderes Modell vorschlägt, aus einer importierten Datei; die sichersten zuerst.</translation>
    </message>
    <message>
        <source>Find first examples</source>
        <translation>Erste Beispiele finden</translation>
    </message>
    <message>
        <source>Review {n}</source>
        <translation>{n} prüfen</translation>
    </message>
    <message>
        <source>Check labels</source>
        <translation>Labels prüfen</translation>
    </message>
    <message>
        <source>Nothing to do</source>
        <translation>Nichts zu tun</translation>
    </message>
    <message>
        <source>{n} image (about {duration}) until it leaves the tail</source>
        <translation>{n} Bild (etwa {duration}), bis sie nicht mehr selten ist</translation>
    </message>
    <message>
        <source>{n} images (about {duration}) until it leaves the tail</source>
        <translation>{n} Bilder (etwa {duration}), bis sie nicht mehr selten ist</translation>
    </message>
    <message>
        <source>Best next: {category}, about {duration}</source>
        <translation>Am besten weiter: {category}, etwa {duration}</translation>
    </message>
    <message>
        <source>{category}: {yes} yes, {no} no</source>
        <translation>{category}: {yes} Ja, {no} Nein</translation>
    </message>
    <message>
        <source>{category}: {band}, {yes} yes, {no} no</source>
        <translation>{category}: {band}, {yes} Ja, {no} Nein</translation>
    </message>
    <message>
        <source>about {n} hidden ({low} to {high})</source>
        <translation>etwa {n} verborgen ({low} bis {high})</translation>
    </message>
    <message>
        <source>quality {value} ({low} to {high})</source>
        <translation>Qualität {value} ({low} bis {high})</translation>
    </message>
    <message>
        <source>not learned yet</source>
        <translation>noch nicht gelernt</translation>
    </message>
    <message>
        <source>{done} of {goal}</source>
        <translation>{done} von {goal}</translation>
    </message>
    <message>
        <source>yield {percent} %</source>
        <translation>Ausbeute {percent}&#x202f;%</translation>
    </message>
    <message>
        <source>ranked again after each page</source>
        <translation>nach jeder Seite neu geordnet</translation>
    </message>
    <message>
        <source>{n} mistake</source>
        <translation>{n} Fehler</translation>
    </message>
    <message>
        <source>{n} mistakes</source>
        <translation>{n} Fehler</translation>
    </message>
    <message>
        <source>{n} found</source>
        <translation>{n} gefunden</translation>
    </message>
    <message>
        <source>{n} label changed</source>
        <translation>{n} Label geändert</translation>
    </message>
    <message>
        <source>{n} labels changed</source>
        <translation>{n} Labels geändert</translation>
    </message>
    <message>
        <source>{n} kept</source>
        <translation>{n} behalten</translation>
    </message>
    <message>
        <source>{n} left as they were</source>
        <translation>{n} belassen</translation>
    </message>
    <message>
        <source>{n} rejected</source>
        <translation>{n} abgelehnt</translation>
    </message>
    <message>
        <source>{n} left undecided</source>
        <translation>{n} offen gelassen</translation>
    </message>
    <message>
        <source>{n} skipped</source>
        <translation>{n} übersprungen</translation>
    </message>
    <message>
        <source>Quality: not known yet; there are too few labels.</source>
        <translation>Qualität: noch nicht bekannt; es gibt zu wenige Labels.</translation>
    </message>
    <message>
        <source>Quality: {now} now; before, there were too few labels.</source>
        <translation>Qualität: jetzt {now}; vorher gab es zu wenige Labels.</translation>
    </message>
    <message>
        <source>Quality: {before} before, {now} now.</source>
        <translation>Qualität: vorher {before}, jetzt {now}.</translation>
    </message>
    <message>
        <source>Suggestions: none yet; there are too few labels.</source>
        <translation>Vorschläge: noch keine; es gibt zu wenige Labels.</translation>
    </message>
    <message>
        <source>Suggestions: the same images as before.</source>
        <translation>Vorschläge: dieselben Bilder wie vorher.</translation>
    </message>
    <message>
        <source>{n} new image</source>
        <translation>{n} neues Bild</translation>
    </message>
    <message>
        <source>{n} new images</source>
        <translation>{n} neue Bilder</translation>
    </message>
    <message>
        <source>{n} image no longer suggested</source>
        <translation>{n} Bild nicht mehr vorgeschlagen</translation>
    </message>
    <message>
        <source>{n} images no longer suggested</source>
        <translation>{n} Bilder nicht mehr vorgeschlagen</translation>
    </message>
    <message>
        <source>Suggestions: {changes}.</source>
        <translation>Vorschläge: {changes}.</translation>
    </message>
    <message>
        <source>Every image has been decided for {category}.</source>
        <translation>Für {category} ist jedes Bild entschieden.</translation>
    </message>
    <message>
        <source>No image labelled yes for {category} looks like a mistake.</source>
        <translation>Kein Bild mit Ja für {category} sieht nach einem Fehler aus.</translation>
    </message>
    <message>
        <source>No image labelled no for {category} looks like a mistake.</source>
        <translation>Kein Bild mit Nein für {category} sieht nach einem Fehler aus.</translation>
    </message>
    <message>
        <source>A precision of {precision} is out of range; give {least} to {most}.</source>
        <translation>Eine Präzision von {precision} liegt außerhalb des Bereichs; geben Sie {least} bis {most} an.</translation>
    </message>
    <message>
        <source>{labels} for {name} verified by a person cannot guarantee a precision of {precision}: at least {least} are needed. Review more of its likely images, or lower the precision.</source>
        <translation>Für {name} von einer Person geprüft: {labels}. Eine Präzision von {precision} braucht mindestens {least}. Prüfen Sie mehr wahrscheinliche Bilder, oder senken Sie die Präzision.</translation>
    </message>
    <message>
        <source>The labels of {name} cannot guarantee a precision of {precision} at any threshold: too many likely images are a no, or too few were reviewed. Review more of them, or lower the precision.</source>
        <translation>Die Labels von {name} können eine Präzision von {precision} bei keiner Schwelle gewährleisten: Zu viele wahrscheinliche Bilder sind ein Nein, oder zu wenige wurden geprüft. Prüfen Sie mehr davon, oder senken Sie die Präzision.</translation>
    </message>
    <message>
        <source>No undecided image is more likely {name} than not; there is nothing to accept.</source>
        <translation>Kein offenes Bild ist eher {name} als nicht; es gibt nichts zu übernehmen.</translation>
    </message>
    <message>
        <source>above the threshold</source>
        <translation>über der Schwelle</translation>
    </message>
    <message>
        <source>near the threshold</source>
        <translation>nahe der Schwelle</translation>
    </message>
    <message>
        <source>most likely of the rest</source>
        <translation>die wahrscheinlichsten der übrigen</translation>
    </message>
    <message>
        <source>most likely; too few examples for a threshold</source>
        <translation>am wahrscheinlichsten; zu wenige Beispiele für eine Schwelle</translation>
    </message>
    <message>
        <source>random sample, to see what the scores miss</source>
        <translation>Zufallsauswahl, um zu sehen, was den Werten entgeht</translation>
    </message>
    <message>
        <source>most uncertain</source>
        <translation>am unsichersten</translation>
    </message>
    <message>
        <source>labelled yes, but the model disagrees</source>
        <translation>Label Ja, aber das Modell widerspricht</translation>
    </message>
    <message>
        <source>labelled no, but probably yes</source>
        <translation>Label Nein, aber wahrscheinlich Ja</translation>
    </message>
    <message>
        <source>random</source>
        <translation>zufällig</translation>
    </message>
    <message>
        <source>There is no queue {name}; there is {names}.</source>
        <translation>Es gibt keine Auswahl {name}; es gibt {names}.</translation>
    </message>
</context>
<context>
    <name>ReviewPlace</name>
    <message>
        <source>Review</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>No categories to review yet</source>
        <translation>Noch keine Kategorien zu prüfen</translation>
    </message>
    <message>
        <source>Tag what you see in the first images; each new tag becomes a category.</source>
        <translation>Benennen Sie, was Sie auf den ersten Bildern sehen; jeder neue Name wird eine Kategorie.</translation>
    </message>
    <message>
        <source>Go to the library</source>
        <translation>Zur Bibliothek</translation>
    </message>
    <message>
        <source>What is still hidden, the quality and the order of the cards need image features.</source>
        <translation>Verborgene Bilder, Qualität und Reihenfolge der Karten brauchen die Merkmale der Bilder.</translation>
    </message>
    <message>
        <source>The category {name} is gone; the review of it has ended.</source>
        <translation>Die Kategorie {name} gibt es nicht mehr; ihre Prüfung ist beendet.</translation>
    </message>
</context>
<context>
    <name>RoundView</name>
    <message>
        <source>Which cards</source>
        <translation>Welche Karten</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Überspringen</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Offen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Rest: no</source>
        <translation>Rest: Nein</translation>
    </message>
    <message>
        <source>Page done</source>
        <translation>Seite fertig</translation>
    </message>
    <message>
        <source>Find: {category}</source>
        <translation>Suchen: {category}</translation>
    </message>
    <message>
        <source>Check yes labels: {category}</source>
        <translation>Ja-Labels prüfen: {category}</translation>
    </message>
    <message>
        <source>Check no labels: {category}</source>
        <translation>Nein-Labels prüfen: {category}</translation>
    </message>
    <message>
        <source>Rest: no ({n})</source>
        <translation>Rest: Nein ({n})</translation>
    </message>
    <message>
        <source>All cards are answered. Page done shows the next ones, ranked again.</source>
        <translation>Alle Karten sind beantwortet. „Seite fertig“ zeigt die nächsten, neu geordnet.</translation>
    </message>
    <message>
        <source>Answer for what the image shows. Cards without an answer keep their label.</source>
        <translation>Antworten Sie nach dem, was das Bild zeigt. Karten ohne Antwort behalten ihr Label.</translation>
    </message>
    <message>
        <source>Cards without an answer stay undecided.</source>
        <translation>Karten ohne Antwort bleiben offen.</translation>
    </message>
    <message>
        <source>No cards to show</source>
        <translation>Keine Karten zu zeigen</translation>
    </message>
    <message>
        <source>Back to the board</source>
        <translation>Zurück zur Übersicht</translation>
    </message>
    <message>
        <source>Undo: {what}</source>
        <translation>Rückgängig: {what}</translation>
    </message>
    <message>
        <source>There is nothing to undo</source>
        <translation>Es gibt nichts rückgängig zu machen</translation>
    </message>
    <message>
        <source>Redo: {what}</source>
        <translation>Wiederholen: {what}</translation>
    </message>
    <message>
        <source>There is nothing to redo</source>
        <translation>Es gibt nichts zu wiederholen</translation>
    </message>
</context>
<context>
    <name>RunView</name>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Stop and keep</source>
        <translation>Anhalten und behalten</translation>
    </message>
    <message>
        <source>Cancel and discard</source>
        <translation>Abbrechen und verwerfen</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Präzision</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Started from {start}; trained {what}.</source>
        <translation>Ausgangspunkt: {start}; trainiert: {what}.</translation>
    </message>
    <message>
        <source>Mean loss per epoch</source>
        <translation>Mittlerer Verlust je Epoche</translation>
    </message>
    <message>
        <source>Mean average precision on the held-out fold</source>
        <translation>Mittlere Präzision auf dem ausgelassenen Fold</translation>
    </message>
    <message>
        <source>Log of the run</source>
        <translation>Protokoll des Laufs</translation>
    </message>
</context>
<context>
    <name>Runner</name>
    <message>
        <source>The worker process speaks protocol {protocol} and this program {protocol_version}: two versions of Tailspotter are mixed, install it again.</source>
        <translation>Der Rechenprozess spricht Protokoll {protocol} und dieses Programm {protocol_version}: Zwei Versionen von Tailspotter sind vermischt; installieren Sie es neu.</translation>
    </message>
    <message>
        <source>The worker process could not be started.</source>
        <translation>Der Rechenprozess ließ sich nicht starten.</translation>
    </message>
    <message>
        <source>The worker process ended unexpectedly with exit code {exit_code}; see its log for details.</source>
        <translation>Der Rechenprozess endete unerwartet mit Code {exit_code}; sein Protokoll nennt Einzelheiten.</translation>
    </message>
    <message>
        <source>: perhaps the memory ran out</source>
        <translation>: Vielleicht reichte der Arbeitsspeicher nicht</translation>
    </message>
    <message>
        <source>; see its log for details</source>
        <translation>; sein Protokoll nennt Einzelheiten</translation>
    </message>
    <message>
        <source>The worker process was ended by signal {name}{hint}.</source>
        <translation>Der Rechenprozess wurde durch Signal {name} beendet{hint}.</translation>
    </message>
    <message>
        <source>The texts of new categories are not encoded yet.</source>
        <translation>Die Texte neuer Kategorien sind noch nicht gelesen.</translation>
    </message>
    <message>
        <source>The work was stopped; what was finished is kept.</source>
        <translation>Die Arbeit wurde angehalten; das Fertige bleibt erhalten.</translation>
    </message>
    <message>
        <source>The worker process could not be started ({command}: {reason}).</source>
        <translation>Der Rechenprozess ließ sich nicht starten ({command}: {reason}).</translation>
    </message>
    <message>
        <source>The worker process did not answer within {hello_timeout} seconds.</source>
        <translation>Der Rechenprozess antwortete nicht innerhalb von {hello_timeout} Sekunden.</translation>
    </message>
</context>
<context>
    <name>SaveQuery</name>
    <message>
        <source>Name of the query</source>
        <translation>Name der Abfrage</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Save this query as</source>
        <translation>Diese Abfrage speichern als</translation>
    </message>
    <message>
        <source>New name</source>
        <translation>Neuer Name</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>There is already a query with this name.</source>
        <translation>Es gibt schon eine Abfrage mit diesem Namen.</translation>
    </message>
    <message>
        <source>Saved query: {name}</source>
        <translation>Abfrage gespeichert: {name}</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>The start page&apos;s summary of a project could not be saved in {folder} ({reason}); the project itself is not affected.</source>
        <translation>Die Zusammenfassung eines Projekts für die Startseite ließ sich nicht in {folder} speichern ({reason}); das Projekt selbst ist nicht betroffen.</translation>
    </message>
    <message>
        <source>The settings {path} cannot be read ({reason}); using defaults.</source>
        <translation>Die Einstellungen {path} sind nicht lesbar ({reason}); es gelten die Vorgaben.</translation>
    </message>
    <message>
        <source>The settings could not be saved in {parent} ({reason}); {remedy}. Labels are not affected.</source>
        <translation>Die Einstellungen ließen sich nicht in {parent} speichern ({reason}); {remedy}. Labels sind nicht betroffen.</translation>
    </message>
    <message>
        <source>make the folder writable</source>
        <translation>den Ordner beschreibbar machen</translation>
    </message>
    <message>
        <source>There is no setting {unknown}.</source>
        <translation>Es gibt keine Einstellung {unknown}.</translation>
    </message>
    <message>
        <source>The setting {place} cannot be {value}: {reason}.</source>
        <translation>Die Einstellung {place} kann nicht {value} sein: {reason}.</translation>
    </message>
    <message>
        <source>and the file could not be renamed ({reason})</source>
        <translation>und die Datei ließ sich nicht umbenennen ({reason})</translation>
    </message>
    <message>
        <source>and the file was renamed to {aside}</source>
        <translation>und die Datei wurde in {aside} umbenannt</translation>
    </message>
    <message>
        <source>The settings {path} are damaged {place}; using defaults.</source>
        <translation>Die Einstellungen {path} sind beschädigt {place}; es gelten die Vorgaben.</translation>
    </message>
    <message>
        <source>The setting {name} in {path} cannot be {value}; using the default.</source>
        <translation>Die Einstellung {name} in {path} kann nicht {value} sein; es gilt die Vorgabe.</translation>
    </message>
</context>
<context>
    <name>SetupPanel</name>
    <message>
        <source>Compute features</source>
        <translation>Merkmale berechnen</translation>
    </message>
    <message>
        <source>Compute the details</source>
        <translation>Details berechnen</translation>
    </message>
    <message>
        <source>Label images</source>
        <translation>Bilder labeln</translation>
    </message>
    <message>
        <source>Go to the library</source>
        <translation>Zur Bibliothek</translation>
    </message>
    <message>
        <source>Labelled no</source>
        <translation>Mit Nein gelabelt</translation>
    </message>
    <message>
        <source>Labelled images</source>
        <translation>Gelabelte Bilder</translation>
    </message>
    <message>
        <source>Reviewed images</source>
        <translation>Geprüfte Bilder</translation>
    </message>
    <message>
        <source>New labels</source>
        <translation>Neue Labels</translation>
    </message>
    <message>
        <source>New reviews</source>
        <translation>Neue Prüfungen</translation>
    </message>
    <message>
        <source>Image model</source>
        <translation>Bildmodell</translation>
    </message>
    <message>
        <source>Head categories</source>
        <translation>Häufige Kategorien</translation>
    </message>
    <message>
        <source>Medium categories</source>
        <translation>Mittlere Kategorien</translation>
    </message>
    <message>
        <source>Tail categories</source>
        <translation>Seltene Kategorien</translation>
    </message>
    <message>
        <source>Training data</source>
        <translation>Trainingsdaten</translation>
    </message>
    <message>
        <source>Start training</source>
        <translation>Training starten</translation>
    </message>
    <message>
        <source>Train anyway</source>
        <translation>Trotzdem trainieren</translation>
    </message>
    <message>
        <source>Start over</source>
        <translation>Von vorn beginnen</translation>
    </message>
    <message>
        <source>Enough labels?</source>
        <translation>Genug Labels?</translation>
    </message>
    <message>
        <source>{n} yes</source>
        <translation>{n} Ja</translation>
    </message>
    <message>
        <source>{n} ({left_out} without features)</source>
        <translation>{n} ({left_out} ohne Merkmale)</translation>
    </message>
    <message>
        <source>New labels since {version}</source>
        <translation>Neue Labels seit {version}</translation>
    </message>
    <message>
        <source>New reviews since {version}</source>
        <translation>Neue Prüfungen seit {version}</translation>
    </message>
    <message>
        <source>Trains: {what}.</source>
        <translation>Trainiert: {what}.</translation>
    </message>
    <message>
        <source>Features are being computed. Training can start when they are ready.</source>
        <translation>Merkmale werden berechnet. Das Training kann beginnen, sobald sie fertig sind.</translation>
    </message>
    <message>
        <source>An earlier run was interrupted. It can be finished with the labels it started from; later answers count as new.</source>
        <translation>Ein früherer Lauf wurde unterbrochen. Er kann mit den Labels, mit denen er begann, beendet werden; spätere Antworten zählen als neu.</translation>
    </message>
    <message>
        <source>Resume the run</source>
        <translation>Lauf fortsetzen</translation>
    </message>
    <message>
        <source>Training is running</source>
        <translation>Training läuft</translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>SingleView</name>
    <message>
        <source>Single image</source>
        <translation>Einzelbild</translation>
    </message>
    <message>
        <source>Select an image first.</source>
        <translation>Wählen Sie zuerst ein Bild.</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>Wird geladen…</translation>
    </message>
    <message>
        <source>{reason}. Its labels are kept, and you can still label it. Repair or replace the file, then try again.</source>
        <translation>{reason}. Seine Labels bleiben, und Labeln ist weiter möglich. Reparieren oder ersetzen Sie die Datei, und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>This image cannot be shown</source>
        <translation>Dieses Bild lässt sich nicht anzeigen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>This image cannot be shown. {reason}.</source>
        <translation>Dieses Bild lässt sich nicht anzeigen. {reason}.</translation>
    </message>
    <message>
        <source>not among the {count} images shown</source>
        <translation>nicht unter den {count} angezeigten Bildern</translation>
    </message>
    <message>
        <source>{position} of {count}</source>
        <translation>{position} von {count}</translation>
    </message>
    <message>
        <source>Image {position} of {count}</source>
        <translation>Bild {position} von {count}</translation>
    </message>
</context>
<context>
    <name>SortButton</name>
    <message>
        <source>Order: {order}</source>
        <translation>Reihenfolge: {order}</translation>
    </message>
    <message>
        <source>Order of the images: {order}</source>
        <translation>Reihenfolge der Bilder: {order}</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Score: {category}</source>
        <translation>Wert: {category}</translation>
    </message>
    <message>
        <source>Similar</source>
        <translation>Ähnlichkeit</translation>
    </message>
    <message>
        <source>File name</source>
        <translation>Dateiname</translation>
    </message>
    <message>
        <source>Newest file</source>
        <translation>Neueste Dateien zuerst</translation>
    </message>
    <message>
        <source>Most recently labelled</source>
        <translation>Zuletzt gelabelte zuerst</translation>
    </message>
    <message>
        <source>Most unsure</source>
        <translation>Unsicherste zuerst</translation>
    </message>
    <message>
        <source>Score of another category…</source>
        <translation>Wert einer anderen Kategorie…</translation>
    </message>
    <message>
        <source>Similar to the current image</source>
        <translation>Ähnlich zum aktuellen Bild</translation>
    </message>
</context>
<context>
    <name>Stages</name>
    <message>
        <source>Reading images ({what} of features)</source>
        <translation>Bilder werden gelesen ({what} Merkmale)</translation>
    </message>
    <message>
        <source>Looking for the fastest way to compute</source>
        <translation>Der schnellste Rechenweg wird gesucht</translation>
    </message>
    <message>
        <source>Encoding categories</source>
        <translation>Kategorien werden gelesen</translation>
    </message>
    <message>
        <source>Scoring images</source>
        <translation>Bilder werden bewertet</translation>
    </message>
    <message>
        <source>Tuning, part {part} of {parts}</source>
        <translation>Training, Teil {part} von {parts}</translation>
    </message>
    <message>
        <source>Choosing where to start</source>
        <translation>Der Ausgangspunkt wird gewählt</translation>
    </message>
    <message>
        <source>Scoring all images</source>
        <translation>Alle Bilder werden bewertet</translation>
    </message>
    <message>
        <source>Looking for similar images</source>
        <translation>Ähnliche Bilder werden gesucht</translation>
    </message>
    <message>
        <source>Placing images on the map</source>
        <translation>Bilder werden auf der Karte angeordnet</translation>
    </message>
</context>
<context>
    <name>StartController</name>
    <message>
        <source>{name} is not a folder. Drop a folder of images or a project.</source>
        <translation>{name} ist kein Ordner. Ziehen Sie einen Ordner mit Bildern oder ein Projekt hierher.</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Label images with many tags, helped by a model that learns the rare ones too.</source>
        <translation>Bilder mit vielen Kategorien labeln, mit einem Modell, das auch die seltenen lernt.</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Neues Projekt</translation>
    </message>
    <message>
        <source>Start from a folder of images; they stay where they are.</source>
        <translation>Mit einem Ordner voller Bilder beginnen; sie bleiben, wo sie sind.</translation>
    </message>
    <message>
        <source>Open project</source>
        <translation>Projekt öffnen</translation>
    </message>
    <message>
        <source>A project folder, or an image folder that contains one.</source>
        <translation>Ein Projektordner oder ein Bildordner, der eines enthält.</translation>
    </message>
    <message>
        <source>Try the demo</source>
        <translation>Demo ausprobieren</translation>
    </message>
    <message>
        <source>A generated collection with suggestions; needs no network.</source>
        <translation>Eine erzeugte Sammlung mit Vorschlägen; braucht kein Netz.</translation>
    </message>
    <message>
        <source>Recent projects</source>
        <translation>Zuletzt geöffnete Projekte</translation>
    </message>
    <message>
        <source>You can also drop a folder here: a project opens, a folder of images becomes a new project.</source>
        <translation>Sie können auch einen Ordner hierher ziehen: Ein Projekt öffnet sich, aus einem Bilderordner wird ein neues Projekt.</translation>
    </message>
    <message>
        <source>A folder of images</source>
        <translation>Ein Ordner mit Bildern</translation>
    </message>
    <message>
        <source>Your files stay where they are and are never changed.</source>
        <translation>Ihre Dateien bleiben, wo sie sind, und werden nie verändert.</translation>
    </message>
    <message>
        <source>Features, computed once</source>
        <translation>Merkmale, einmal berechnet</translation>
    </message>
    <message>
        <source>On this computer and in the background: you can start labelling right away.</source>
        <translation>Auf diesem Rechner und im Hintergrund: Sie können sofort mit dem Labeln beginnen.</translation>
    </message>
    <message>
        <source>Label with the keyboard</source>
        <translation>Labeln mit der Tastatur</translation>
    </message>
    <message>
        <source>Y or N for each suggestion, T for a new tag, Shift+Enter when the image is done.</source>
        <translation>Y oder N für jeden Vorschlag, T für eine neue Kategorie, Umschalt+Eingabe, wenn das Bild fertig ist.</translation>
    </message>
    <message>
        <source>Opening {project}…</source>
        <translation>{project} wird geöffnet…</translation>
    </message>
    <message>
        <source>Open a project, or an image folder that contains one</source>
        <translation>Ein Projekt öffnen oder einen Bildordner, der eines enthält</translation>
    </message>
    <message>
        <source>{folder} was not found. Connect its disk, or open the project from its new location.</source>
        <translation>{folder} wurde nicht gefunden. Verbinden Sie die Festplatte, oder öffnen Sie das Projekt am neuen Ort.</translation>
    </message>
    <message>
        <source>Drop to open the project, or to start a new one from these images</source>
        <translation>Ablegen, um das Projekt zu öffnen oder mit diesen Bildern ein neues zu beginnen</translation>
    </message>
    <message>
        <source>Drop to add this folder to the new project</source>
        <translation>Ablegen, um diesen Ordner zum neuen Projekt hinzuzufügen</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>{n} image</source>
        <translation>{n} Bild</translation>
    </message>
    <message>
        <source>{n} images</source>
        <translation>{n} Bilder</translation>
    </message>
    <message>
        <source>{shown} of {total} images</source>
        <translation>{shown} von {total} Bildern</translation>
    </message>
    <message>
        <source>{n} in closed stacks</source>
        <translation>{n} in geschlossenen Stapeln</translation>
    </message>
    <message>
        <source>{n} selected</source>
        <translation>{n} ausgewählt</translation>
    </message>
    <message>
        <source>{n} decisions/min</source>
        <translation>{n} Entscheidungen/min</translation>
    </message>
    <message>
        <source>{device} (why?)</source>
        <translation>{device} (warum?)</translation>
    </message>
    <message>
        <source>Device {device}</source>
        <translation>Gerät {device}</translation>
    </message>
    <message>
        <source>saved {ago}</source>
        <translation>{ago} gespeichert</translation>
    </message>
</context>
<context>
    <name>Steps</name>
    <message>
        <source>Add {name} and say yes on {images}</source>
        <translation>{name} hinzufügen, Ja: {images}</translation>
    </message>
    <message>
        <source>Add {name} and say no on {images}</source>
        <translation>{name} hinzufügen, Nein: {images}</translation>
    </message>
    <message>
        <source>Add {name} and say unknown on {images}</source>
        <translation>{name} hinzufügen, offen: {images}</translation>
    </message>
    <message>
        <source>Say yes to {n} suggestions and mark {images} as reviewed</source>
        <translation>Ja zu {n} Vorschlägen, geprüft: {images}</translation>
    </message>
    <message>
        <source>Say yes to {name} and mark {images} as reviewed</source>
        <translation>Ja zu {name}, geprüft: {images}</translation>
    </message>
    <message>
        <source>Say yes to {name} on {images}</source>
        <translation>Ja zu {name}: {images}</translation>
    </message>
    <message>
        <source>Say no to {name} on {images}</source>
        <translation>Nein zu {name}: {images}</translation>
    </message>
    <message>
        <source>Say unknown to {name} on {images}</source>
        <translation>{name} offen: {images}</translation>
    </message>
    <message>
        <source>Mark {images} as reviewed</source>
        <translation>Als geprüft markieren: {images}</translation>
    </message>
    <message>
        <source>Unmark {images} as reviewed</source>
        <translation>Nicht mehr geprüft: {images}</translation>
    </message>
    <message>
        <source>Yes for {name} on {images}</source>
        <translation>Ja für {name}: {images}</translation>
    </message>
    <message>
        <source>No for {name} on {images}</source>
        <translation>Nein für {name}: {images}</translation>
    </message>
    <message>
        <source>Unknown for {name} on {images}</source>
        <translation>Offen für {name}: {images}</translation>
    </message>
    <message>
        <source>Yes: {names}. Reviewed: {images}</source>
        <translation>Ja: {names}. Geprüft: {images}</translation>
    </message>
    <message>
        <source>Yes: {name} on {images}</source>
        <translation>Ja: {name} ({images})</translation>
    </message>
    <message>
        <source>No: {name} on {images}</source>
        <translation>Nein: {name} ({images})</translation>
    </message>
    <message>
        <source>Unknown: {name} on {images}</source>
        <translation>Offen: {name} ({images})</translation>
    </message>
    <message>
        <source>Reviewed: {images}</source>
        <translation>Geprüft: {images}</translation>
    </message>
    <message>
        <source>Not reviewed: {images}</source>
        <translation>Nicht geprüft: {images}</translation>
    </message>
    <message>
        <source>Label {images}</source>
        <translation>Labeln: {images}</translation>
    </message>
    <message>
        <source>Rename {name} to {new}</source>
        <translation>{name} in {new} umbenennen</translation>
    </message>
    <message>
        <source>Change the properties of {name}</source>
        <translation>Eigenschaften von {name} ändern</translation>
    </message>
    <message>
        <source>Change the aliases of {name}</source>
        <translation>Weitere Namen von {name} ändern</translation>
    </message>
    <message>
        <source>Change the description of {name}</source>
        <translation>Beschreibung von {name} ändern</translation>
    </message>
    <message>
        <source>Change the prompts of {name}</source>
        <translation>Prompts von {name} ändern</translation>
    </message>
    <message>
        <source>Change the meaning of {name}</source>
        <translation>Bedeutung von {name} ändern</translation>
    </message>
    <message>
        <source>Change the key of {name}</source>
        <translation>Taste von {name} ändern</translation>
    </message>
    <message>
        <source>Change the parent of {name}</source>
        <translation>Oberkategorie von {name} ändern</translation>
    </message>
    <message>
        <source>Change the group of {name}</source>
        <translation>Gruppe von {name} ändern</translation>
    </message>
    <message>
        <source>Change the colour of {name}</source>
        <translation>Farbe von {name} ändern</translation>
    </message>
    <message>
        <source>Move {n} categories</source>
        <translation>{n} Kategorien verschieben</translation>
    </message>
    <message>
        <source>Move {name}</source>
        <translation>{name} verschieben</translation>
    </message>
    <message>
        <source>Number the first ten categories</source>
        <translation>Erste zehn Kategorien nummerieren</translation>
    </message>
    <message>
        <source>Archive {name}</source>
        <translation>{name} archivieren</translation>
    </message>
    <message>
        <source>Archive {n} categories</source>
        <translation>{n} Kategorien archivieren</translation>
    </message>
    <message>
        <source>Restore {name}</source>
        <translation>{name} wiederherstellen</translation>
    </message>
    <message>
        <source>Add {names} and {n} more</source>
        <translation>{names} und {n} weitere hinzufügen</translation>
    </message>
    <message>
        <source>Add {names}</source>
        <translation>{names} hinzufügen</translation>
    </message>
    <message>
        <source>Import {name}</source>
        <translation>{name} importieren</translation>
    </message>
    <message>
        <source>Merge {name} into {new}</source>
        <translation>{name} mit {new} zusammenführen</translation>
    </message>
    <message>
        <source>Merge {name}</source>
        <translation>{name} zusammenführen</translation>
    </message>
    <message>
        <source>Accept {name} on 1 likely image</source>
        <translation>{name} auf 1 wahrscheinlichem Bild übernehmen</translation>
    </message>
    <message>
        <source>Accept {name} on {n} likely images</source>
        <translation>{name} auf {n} wahrscheinlichen Bildern übernehmen</translation>
    </message>
    <message>
        <source>A step whose record was lost</source>
        <translation>Ein Schritt, dessen Eintrag verloren ist</translation>
    </message>
    <message>
        <source>Skip a card</source>
        <translation>Karte überspringen</translation>
    </message>
    <message>
        <source>Leave a label as it is</source>
        <translation>Label lassen, wie es ist</translation>
    </message>
    <message>
        <source>the previous change</source>
        <translation>die vorige Änderung</translation>
    </message>
    <message>
        <source>Use {name}</source>
        <translation>{name} verwenden</translation>
    </message>
    <message>
        <source>Roll back to the previous version</source>
        <translation>Zur vorigen Version zurückkehren</translation>
    </message>
    <message>
        <source>Delete {name}</source>
        <translation>{name} löschen</translation>
    </message>
    <message>
        <source>Note on {name}</source>
        <translation>Notiz zu {name}</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>{images} and {n} more</source>
        <translation>{images} und {n} weitere</translation>
    </message>
    <message>
        <source>image {n}</source>
        <translation>Bild {n}</translation>
    </message>
    <message>
        <source>How it works</source>
        <translation>So funktioniert es</translation>
    </message>
</context>
<context>
    <name>Storage</name>
    <message>
        <source>The backup {target} cannot be written</source>
        <translation>Die Sicherung {target} lässt sich nicht schreiben</translation>
    </message>
    <message>
        <source>The backups in {folder} cannot be read</source>
        <translation>Die Sicherungen in {folder} sind nicht lesbar</translation>
    </message>
    <message>
        <source>{folder} cannot be written</source>
        <translation>{folder} ist nicht beschreibbar</translation>
    </message>
    <message>
        <source>There is no backup {path}.</source>
        <translation>Es gibt keine Sicherung {path}.</translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}.</source>
        <translation>{path} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>{path} is not a backup of a Tailspotter project.</source>
        <translation>{path} ist keine Sicherung eines Tailspotter-Projekts.</translation>
    </message>
    <message>
        <source>The backup {path} is damaged; choose another one.</source>
        <translation>Die Sicherung {path} ist beschädigt; wählen Sie eine andere.</translation>
    </message>
    <message>
        <source>The backup {path} was made by a newer version of Tailspotter; update Tailspotter to restore it.</source>
        <translation>Die Sicherung {path} stammt von einer neueren Version von Tailspotter; aktualisieren Sie Tailspotter, um sie wiederherzustellen.</translation>
    </message>
    <message>
        <source>The backup {path} cannot be read ({error}); check the disk.</source>
        <translation>Die Sicherung {path} ist nicht lesbar ({error}); prüfen Sie die Festplatte.</translation>
    </message>
    <message>
        <source>There is no category with the number {category_id} in this project.</source>
        <translation>In diesem Projekt gibt es keine Kategorie mit der Nummer {category_id}.</translation>
    </message>
    <message>
        <source>There is no category {name}: this project has none. Add one in the window (press T on an image), or with &apos;tailspotter import&apos;.</source>
        <translation>Es gibt keine Kategorie {name}: Dieses Projekt hat noch keine. Fügen Sie im Fenster eine hinzu (T auf einem Bild) oder importieren Sie Labels.</translation>
    </message>
    <message>
        <source>; did you mean {near}?</source>
        <translation>; meinten Sie {near}?</translation>
    </message>
    <message>
        <source>There is no category {name} in this project{hint}</source>
        <translation>In diesem Projekt gibt es keine Kategorie {name}{hint}</translation>
    </message>
    <message>
        <source>The category {category} is archived; restore it first.</source>
        <translation>Die Kategorie {category} ist archiviert; stellen Sie sie zuerst wieder her.</translation>
    </message>
    <message>
        <source>This project is in a network folder, where its database works without a write-ahead log and is slower; keep the project on a local disk and only the images on the network.</source>
        <translation>Dieses Projekt liegt in einem Netzwerkordner, wo seine Datenbank ohne Schreibprotokoll arbeitet und langsamer ist; lassen Sie das Projekt auf einer lokalen Festplatte und nur die Bilder im Netz.</translation>
    </message>
    <message>
        <source>check the disk and the connection to it</source>
        <translation>Festplatte und Verbindung prüfen</translation>
    </message>
    <message>
        <source>free some space and try again</source>
        <translation>Platz schaffen und erneut versuchen</translation>
    </message>
    <message>
        <source>copy it to a place that you can write to and open the copy</source>
        <translation>kopieren Sie es an einen Ort, in den Sie schreiben dürfen, und öffnen Sie die Kopie</translation>
    </message>
    <message>
        <source>The project {parent} is read-only here ({read_only}): nothing was changed; {remedy}.</source>
        <translation>Das Projekt {parent} ist hier schreibgeschützt ({read_only}): Nichts wurde geändert; {remedy}.</translation>
    </message>
    <message>
        <source>The database {path} was replaced by another file, perhaps by a repair, so nothing was written; open the project again.</source>
        <translation>Die Datenbank {path} wurde durch eine andere Datei ersetzt, vielleicht durch eine Reparatur, daher wurde nichts geschrieben; öffnen Sie das Projekt erneut.</translation>
    </message>
    <message>
        <source>Another program has been writing to the project {folder} for more than {busy_seconds} seconds; wait until it has finished and try again.</source>
        <translation>Ein anderes Programm schreibt seit mehr als {busy_seconds} Sekunden in das Projekt {folder}; warten Sie, bis es fertig ist, und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The project {folder} cannot be written to; make the folder writable or copy it to a place that is.</source>
        <translation>Das Projekt {folder} ist nicht beschreibbar; machen Sie den Ordner beschreibbar, oder kopieren Sie es an einen beschreibbaren Ort.</translation>
    </message>
    <message>
        <source>You have no permission to use the database {path}; check its permissions.</source>
        <translation>Sie dürfen die Datenbank {path} nicht benutzen; prüfen Sie ihre Berechtigungen.</translation>
    </message>
    <message>
        <source>The disk that holds {folder} is full</source>
        <translation>Die Festplatte mit {folder} ist voll</translation>
    </message>
    <message>
        <source>{what}; {free_space} (the work so far is safe).</source>
        <translation>{what}; {free_space} (die bisherige Arbeit ist sicher).</translation>
    </message>
    <message>
        <source>The folder {folder} is no longer there; connect its disk and try again.</source>
        <translation>Den Ordner {folder} gibt es nicht mehr; verbinden Sie seine Festplatte und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>The database {path} cannot be opened; check that the folder exists and that you may read and write it.</source>
        <translation>Die Datenbank {path} lässt sich nicht öffnen; prüfen Sie, ob es den Ordner gibt und ob Sie darin lesen und schreiben dürfen.</translation>
    </message>
    <message>
        <source>The disk that holds {folder} reported an error ({error}); {check_disk}.</source>
        <translation>Die Festplatte mit {folder} meldet einen Fehler ({error}); {check_disk}.</translation>
    </message>
    <message>
        <source>its disk reports errors</source>
        <translation>seine Festplatte meldet Fehler</translation>
    </message>
    <message>
        <source>The database {path} is damaged; &apos;tailspotter check {parent} --repair&apos; sets it aside and recovers what can be read.</source>
        <translation>Die Datenbank {path} ist beschädigt; „tailspotter check {parent} --repair“ legt sie beiseite und rettet, was lesbar ist.</translation>
    </message>
    <message>
        <source>its disk is full</source>
        <translation>seine Festplatte ist voll</translation>
    </message>
    <message>
        <source>its disk is mounted read-only</source>
        <translation>seine Festplatte ist schreibgeschützt eingebunden</translation>
    </message>
    <message>
        <source>its disk reported an error</source>
        <translation>seine Festplatte meldet einen Fehler</translation>
    </message>
    <message>
        <source>its disk is no longer connected</source>
        <translation>seine Festplatte ist nicht mehr verbunden</translation>
    </message>
    <message>
        <source>check the disk</source>
        <translation>Festplatte prüfen</translation>
    </message>
    <message>
        <source>There is no image with the number {image_id} in this project.</source>
        <translation>In diesem Projekt gibt es kein Bild mit der Nummer {image_id}.</translation>
    </message>
    <message>
        <source>There is no image {ref} in this project{near_matches}.</source>
        <translation>In diesem Projekt gibt es kein Bild {ref}{near_matches}.</translation>
    </message>
    <message>
        <source>There is no missing image {ref} in this project{near_matches}.</source>
        <translation>In diesem Projekt gibt es kein fehlendes Bild {ref}{near_matches}.</translation>
    </message>
    <message>
        <source>{ref} is the name of {n} images whose files are missing, so it is not clear which one is meant; put one of the files back and scan.</source>
        <translation>{ref} ist der Name von {n} Bildern, deren Dateien fehlen, daher ist unklar, welches gemeint ist; stellen Sie eine der Dateien wieder her und durchsuchen Sie den Ordner.</translation>
    </message>
    <message>
        <source>{ref} fits {n} images ({listed}); give the path as written here.</source>
        <translation>{ref} passt zu {n} Bildern ({listed}); geben Sie den Pfad so an, wie er hier steht.</translation>
    </message>
    <message>
        <source>; similar names: {names}</source>
        <translation>; ähnliche Namen: {names}</translation>
    </message>
    <message>
        <source>There is nothing to undo.</source>
        <translation>Es gibt nichts rückgängig zu machen.</translation>
    </message>
    <message>
        <source>There is nothing to redo.</source>
        <translation>Es gibt nichts zu wiederholen.</translation>
    </message>
    <message>
        <source> on {host}</source>
        <translation> auf {host}</translation>
    </message>
    <message>
        <source>{what} (process {pid}{place}, since {since})</source>
        <translation>{what} (Prozess {pid}{place}, seit {since})</translation>
    </message>
    <message>
        <source>a program of another user</source>
        <translation>einem Programm eines anderen Benutzers</translation>
    </message>
    <message>
        <source>another program</source>
        <translation>einem anderen Programm</translation>
    </message>
    <message>
        <source> If it no longer is, delete {path}.</source>
        <translation> Ist es das nicht mehr, löschen Sie {path}.</translation>
    </message>
    <message>
        <source>The project {parent} is in use by {describe}.{hint}</source>
        <translation>Das Projekt {parent} wird benutzt von {describe}.{hint}</translation>
    </message>
    <message>
        <source>The lock {path} cannot be used</source>
        <translation>Die Sperre {path} ist nicht nutzbar</translation>
    </message>
    <message>
        <source>The project {parent} was written by an older version; the next command that opens it brings it up to date, after a backup.</source>
        <translation>Das Projekt {parent} stammt von einer älteren Version; der nächste Befehl, der es öffnet, bringt es nach einer Sicherung auf den neuen Stand.</translation>
    </message>
    <message>
        <source>{path} is not the database of a Tailspotter project.</source>
        <translation>{path} ist nicht die Datenbank eines Tailspotter-Projekts.</translation>
    </message>
    <message>
        <source>The project {parent} was written by a newer version of Tailspotter; update Tailspotter to open it.</source>
        <translation>Das Projekt {parent} stammt von einer neueren Version von Tailspotter; aktualisieren Sie Tailspotter, um es zu öffnen.</translation>
    </message>
    <message>
        <source>there is {names}</source>
        <translation>es gibt {names}</translation>
    </message>
    <message>
        <source>&apos;tailspotter train&apos; creates the first one</source>
        <translation>das erste Training legt die erste an</translation>
    </message>
    <message>
        <source>There is no model version {name}; {there}.</source>
        <translation>Es gibt keine Modellversion {name}; {there}.</translation>
    </message>
    <message>
        <source>No temporary copy of {path} can be made: {reason}.</source>
        <translation>Von {path} lässt sich keine vorläufige Kopie anlegen: {reason}.</translation>
    </message>
    <message>
        <source>its disk or share is mounted read-only</source>
        <translation>seine Festplatte oder Freigabe ist schreibgeschützt eingebunden</translation>
    </message>
    <message>
        <source>you may not write into its folder</source>
        <translation>Sie dürfen nicht in seinen Ordner schreiben</translation>
    </message>
    <message>
        <source>you may not write to {database}</source>
        <translation>Sie dürfen nicht in {database} schreiben</translation>
    </message>
    <message>
        <source>The database {path} cannot be opened: {reason}.</source>
        <translation>Die Datenbank {path} lässt sich nicht öffnen: {reason}.</translation>
    </message>
    <message>
        <source>The database {database} cannot be replaced</source>
        <translation>Die Datenbank {database} lässt sich nicht ersetzen</translation>
    </message>
</context>
<context>
    <name>SuggestionRow</name>
    <message>
        <source>near miss</source>
        <translation>knapp</translation>
    </message>
    <message>
        <source>It has no yes or no no yet: label at least one image yes and one no.</source>
        <translation>Noch ohne Ja oder ohne Nein: Labeln Sie mindestens ein Bild mit Ja und eines mit Nein.</translation>
    </message>
    <message>
        <source>labelled {state}</source>
        <translation>Label: {state}</translation>
    </message>
    <message>
        <source>checked</source>
        <translation>angehakt</translation>
    </message>
    <message>
        <source>not checked</source>
        <translation>nicht angehakt</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Ja</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>likely in about {n} of {total}</source>
        <translation>wahrscheinlich auf etwa {n} von {total}</translation>
    </message>
    <message>
        <source>likely in {n} of {total}</source>
        <translation>wahrscheinlich auf {n} von {total}</translation>
    </message>
</context>
<context>
    <name>Suggestions</name>
    <message>
        <source>Heat maps need the features of the images; compute them first.</source>
        <translation>Heatmaps brauchen die Merkmale der Bilder; berechnen Sie sie zuerst.</translation>
    </message>
    <message>
        <source>There is no heat map of an image that cannot be read.</source>
        <translation>Von einem nicht lesbaren Bild gibt es keine Heatmap.</translation>
    </message>
    <message>
        <source>suggested by {model}</source>
        <translation>vorgeschlagen von {model}</translation>
    </message>
    <message>
        <source>There is no active category {name}.</source>
        <translation>Es gibt keine aktive Kategorie {name}.</translation>
    </message>
    <message>
        <source>Image {wanted} has no features yet; compute them with &apos;tailspotter index&apos;.</source>
        <translation>Bild {wanted} hat noch keine Merkmale; berechnen Sie sie.</translation>
    </message>
    <message>
        <source>There is no active category with the number {category_id}.</source>
        <translation>Es gibt keine aktive Kategorie mit der Nummer {category_id}.</translation>
    </message>
    <message>
        <source>The suggestions do without the names of the categories, because the classes of the image model are not stored; &apos;tailspotter index&apos; stores them.</source>
        <translation>Die Vorschläge kommen ohne die Namen der Kategorien aus, weil die Klassen des Bildmodells nicht gespeichert sind; „Merkmale für Vorschläge berechnen“ speichert sie.</translation>
    </message>
    <message>
        <source>The suggestions do without the names of the categories. {error}</source>
        <translation>Die Vorschläge kommen ohne die Namen der Kategorien aus. {error}</translation>
    </message>
</context>
<context>
    <name>Summary</name>
    <message>
        <source>Back to the board</source>
        <translation>Zurück zur Übersicht</translation>
    </message>
    <message>
        <source>{category}: nothing to review</source>
        <translation>{category}: nichts zu prüfen</translation>
    </message>
    <message>
        <source>{category}: done for now</source>
        <translation>{category}: vorerst fertig</translation>
    </message>
    <message>
        <source>Continue with {category}</source>
        <translation>Weiter mit {category}</translation>
    </message>
    <message>
        <source>Next: {category} ({step})</source>
        <translation>Als Nächstes: {category} ({step})</translation>
    </message>
</context>
<context>
    <name>TagField</name>
    <message>
        <source>Add tag</source>
        <translation>Kategorie hinzufügen</translation>
    </message>
    <message>
        <source>Matching tags</source>
        <translation>Passende Kategorien</translation>
    </message>
    <message>
        <source>Next tag; Enter when done</source>
        <translation>Nächste Kategorie; Enter, wenn fertig</translation>
    </message>
    <message>
        <source>Add tag…  ({key})</source>
        <translation>Kategorie hinzufügen…  ({key})</translation>
    </message>
    <message>
        <source>Add tag…</source>
        <translation>Kategorie hinzufügen…</translation>
    </message>
    <message>
        <source>Create “{name}”</source>
        <translation>„{name}“ anlegen</translation>
    </message>
    <message>
        <source>Did you mean {name}?</source>
        <translation>Meinten Sie {name}?</translation>
    </message>
</context>
<context>
    <name>Toast</name>
    <message>
        <source>Close this notice</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>Schließen (Esc)</translation>
    </message>
    <message>
        <source>{notice} ({n} times)</source>
        <translation>{notice} ({n}-mal)</translation>
    </message>
    <message>
        <source>Information</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
</context>
<context>
    <name>ToastStack</name>
    <message>
        <source>Notices</source>
        <translation>Meldungen</translation>
    </message>
</context>
<context>
    <name>TogetherMatrix</name>
    <message>
        <source>{category}: {images} images</source>
        <translation>{category}: {images} Bilder</translation>
    </message>
    <message>
        <source>{category} and {other}: {images} images, {share} of those with {category}</source>
        <translation>{category} und {other}: {images} Bilder, {share} derer mit {category}</translation>
    </message>
    <message>
        <source>{n}k</source>
        <translation>{n}k</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Project</source>
        <translation>Projekt</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Image grid</source>
        <translation>Bildraster</translation>
    </message>
    <message>
        <source>Single image</source>
        <translation>Einzelbild</translation>
    </message>
    <message>
        <source>Filter images</source>
        <translation>Bilder filtern</translation>
    </message>
    <message>
        <source>Show or hide the filters</source>
        <translation>Filter ein- oder ausblenden</translation>
    </message>
</context>
<context>
    <name>TopStrip</name>
    <message>
        <source>The image model knows none of these words.</source>
        <translation>Das Bildmodell kennt keines dieser Wörter.</translation>
    </message>
    <message>
        <source>The images are shown once their features are computed.</source>
        <translation>Die Bilder erscheinen, sobald ihre Merkmale berechnet sind.</translation>
    </message>
</context>
<context>
    <name>TrainPlace</name>
    <message>
        <source>Train</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>What changed</source>
        <translation>Was sich geändert hat</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>Versionen</translation>
    </message>
    <message>
        <source>Before training</source>
        <translation>Vor dem Training</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>No versions yet</source>
        <translation>Noch keine Versionen</translation>
    </message>
    <message>
        <source>Features are being computed.</source>
        <translation>Merkmale werden berechnet.</translation>
    </message>
    <message>
        <source>The result of the training appears here.</source>
        <translation>Das Ergebnis des Trainings erscheint hier.</translation>
    </message>
    <message>
        <source>Comparing</source>
        <translation>Vergleich läuft</translation>
    </message>
    <message>
        <source>Images whose suggestions change appear here.</source>
        <translation>Hier erscheinen Bilder, deren Vorschläge sich ändern.</translation>
    </message>
    <message>
        <source>These versions cannot be compared now</source>
        <translation>Diese Versionen lassen sich jetzt nicht vergleichen</translation>
    </message>
</context>
<context>
    <name>Training</name>
    <message>
        <source>Loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Head</source>
        <translation>Häufig</translation>
    </message>
    <message>
        <source>Medium</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>Tail</source>
        <translation>Selten</translation>
    </message>
    <message>
        <source>Waiting for other work to finish</source>
        <translation>Wartet, bis andere Aufgaben fertig sind</translation>
    </message>
    <message>
        <source>Stopping in a moment</source>
        <translation>Hält gleich an</translation>
    </message>
    <message>
        <source>Pausing in a moment</source>
        <translation>Pausiert gleich</translation>
    </message>
    <message>
        <source>Comparing the new version with the one in use</source>
        <translation>Die neue Version wird mit der benutzten verglichen</translation>
    </message>
    <message>
        <source>Preparing</source>
        <translation>Vorbereitung</translation>
    </message>
    <message>
        <source>Step {step} of {steps}: testing on images kept aside</source>
        <translation>Schritt {step} von {steps}: Test an zurückgehaltenen Bildern</translation>
    </message>
    <message>
        <source>Step {step} of {steps}: learning from all labelled images</source>
        <translation>Schritt {step} von {steps}: Lernen aus allen gelabelten Bildern</translation>
    </message>
    <message>
        <source>Both are tested on images that they have not learned from.</source>
        <translation>Beide werden an Bildern getestet, aus denen sie nicht gelernt haben.</translation>
    </message>
    <message>
        <source>Labels and features are read. You can keep labelling.</source>
        <translation>Labels und Merkmale werden gelesen. Sie können weiter labeln.</translation>
    </message>
    <message>
        <source>This is the version that will be used if it is better.</source>
        <translation>Das ist die Version, die benutzt wird, wenn sie besser ist.</translation>
    </message>
    <message>
        <source>A part of the labelled images is kept aside, the model learns from the others and is tested on it. You can keep labelling.</source>
        <translation>Ein Teil der gelabelten Bilder wird zurückgehalten; das Modell lernt aus den anderen und wird an ihm getestet. Sie können weiter labeln.</translation>
    </message>
    <message>
        <source>about {duration} in all</source>
        <translation>insgesamt etwa {duration}</translation>
    </message>
    <message>
        <source>{n} images/s</source>
        <translation>{n} Bilder/s</translation>
    </message>
    <message>
        <source>{n} images/min</source>
        <translation>{n} Bilder/min</translation>
    </message>
    <message>
        <source>Cancelling now discards the new version.</source>
        <translation>Abbrechen verwirft jetzt die neue Version.</translation>
    </message>
    <message>
        <source>Stopping now keeps what has been learned; it is compared like any other version.</source>
        <translation>Anhalten behält jetzt, was gelernt wurde; es wird wie jede andere Version verglichen.</translation>
    </message>
    <message>
        <source>Stop and keep is possible in step {steps}, after the tests.</source>
        <translation>Anhalten und behalten ist in Schritt {steps} möglich, nach den Tests.</translation>
    </message>
    <message>
        <source>Stop and keep is possible in the last step, after the tests.</source>
        <translation>Anhalten und behalten ist im letzten Schritt möglich, nach den Tests.</translation>
    </message>
    <message>
        <source>Untrained model</source>
        <translation>Untrainiertes Modell</translation>
    </message>
    <message>
        <source>the untrained model</source>
        <translation>dem untrainierten Modell</translation>
    </message>
    <message>
        <source>{n} yes label is in a category without a no. Review some images: what they do not show then counts as no.</source>
        <translation>{n} Ja-Label gehört zu einer Kategorie ohne Nein. Prüfen Sie einige Bilder: Was sie nicht zeigen, zählt dann als Nein.</translation>
    </message>
    <message>
        <source>{n} yes labels are in categories without a no. Review some images: what they do not show then counts as no.</source>
        <translation>{n} Ja-Labels gehören zu Kategorien ohne Nein. Prüfen Sie einige Bilder: Was sie nicht zeigen, zählt dann als Nein.</translation>
    </message>
    <message>
        <source>Enough for a first version.</source>
        <translation>Genug für eine erste Version.</translation>
    </message>
    <message>
        <source>Nothing is new since {version}.</source>
        <translation>Seit {version} ist nichts neu.</translation>
    </message>
    <message>
        <source>{n} answer or review is new since {version}.</source>
        <translation>{n} Antwort oder Prüfung ist neu seit {version}.</translation>
    </message>
    <message>
        <source>{n} answers and reviews are new since {version}.</source>
        <translation>{n} Antworten und Prüfungen sind neu seit {version}.</translation>
    </message>
    <message>
        <source>About {duration}, a rough guess. You can keep labelling.</source>
        <translation>Etwa {duration}, grob geschätzt. Sie können weiter labeln.</translation>
    </message>
    <message>
        <source>About {duration}, from earlier training on this computer. You can keep labelling.</source>
        <translation>Etwa {duration}, nach früherem Training auf diesem Rechner. Sie können weiter labeln.</translation>
    </message>
    <message>
        <source>About {duration}, from the last training. You can keep labelling.</source>
        <translation>Etwa {duration}, nach dem letzten Training. Sie können weiter labeln.</translation>
    </message>
    <message>
        <source>There are too few labels to tell whether it is better.</source>
        <translation>Es gibt zu wenige Labels, um zu sagen, ob sie besser ist.</translation>
    </message>
    <message>
        <source>Quality in {band} categories fell from {before} to {after}, more than chance explains.</source>
        <translation>Häufigkeit „{band}“: Die Qualität fiel von {before} auf {after}, mehr als der Zufall erklärt.</translation>
    </message>
    <message>
        <source>With so few labels it is impossible to tell whether a new version is better, so it would not be used.</source>
        <translation>Mit so wenigen Labels lässt sich nicht sagen, ob eine neue Version besser ist; sie würde daher nicht benutzt.</translation>
    </message>
    <message>
        <source>Quality in {band} categories fell from {before} to {after}. That may be chance, but no band may fall.</source>
        <translation>Häufigkeit „{band}“: Die Qualität fiel von {before} auf {after}. Das kann Zufall sein, aber keine Häufigkeit darf fallen.</translation>
    </message>
    <message>
        <source>Quality in {band} categories rose from {before} to {after}, more than chance explains, and no band fell.</source>
        <translation>Häufigkeit „{band}“: Die Qualität stieg von {before} auf {after}, mehr als der Zufall erklärt, und keine Häufigkeit fiel.</translation>
    </message>
    <message>
        <source>Quality over all categories fell from {before} to {after}, more than chance explains.</source>
        <translation>Die Qualität über alle Kategorien fiel von {before} auf {after}, mehr als der Zufall erklärt.</translation>
    </message>
    <message>
        <source>Quality over all categories fell from {before} to {after}. That may be chance, but what is not better is not used.</source>
        <translation>Die Qualität über alle Kategorien fiel von {before} auf {after}. Das kann Zufall sein, aber was nicht besser ist, wird nicht benutzt.</translation>
    </message>
    <message>
        <source>Quality over all categories went from {before} to {after}, and what is not better is not used.</source>
        <translation>Die Qualität über alle Kategorien ging von {before} auf {after}, und was nicht besser ist, wird nicht benutzt.</translation>
    </message>
    <message>
        <source>Quality over all categories went from {before} to {after}, no more than chance explains.</source>
        <translation>Die Qualität über alle Kategorien ging von {before} auf {after}, nicht mehr, als der Zufall erklärt.</translation>
    </message>
    <message>
        <source>Quality over all categories rose from {before} to {after}, more than chance explains, and no band fell.</source>
        <translation>Die Qualität über alle Kategorien stieg von {before} auf {after}, mehr als der Zufall erklärt, und keine Häufigkeit fiel.</translation>
    </message>
    <message>
        <source>{version} was deleted, freeing {size}.</source>
        <translation>{version} wurde gelöscht; {size} sind dadurch frei geworden.</translation>
    </message>
    <message>
        <source>The note on {version} is saved.</source>
        <translation>Die Notiz zu {version} ist gespeichert.</translation>
    </message>
    <message>
        <source>No trained version is in use now.</source>
        <translation>Jetzt ist keine trainierte Version in Gebrauch.</translation>
    </message>
    <message>
        <source>{version} is in use now.</source>
        <translation>{version} ist jetzt in Gebrauch.</translation>
    </message>
    <message>
        <source>{day}, from {parent}</source>
        <translation>{day}, aus {parent}</translation>
    </message>
    <message>
        <source>{day}, first version</source>
        <translation>{day}, erste Version</translation>
    </message>
    <message>
        <source>{n} image, {yes} yes, {duration} on {device}</source>
        <translation>{n} Bild, {yes} Ja, {duration} auf {device}</translation>
    </message>
    <message>
        <source>{n} images, {yes} yes, {duration} on {device}</source>
        <translation>{n} Bilder, {yes} Ja, {duration} auf {device}</translation>
    </message>
    <message>
        <source>{facts}, stopped early</source>
        <translation>{facts}, vorzeitig angehalten</translation>
    </message>
    <message>
        <source>the CPU</source>
        <translation>der CPU</translation>
    </message>
    <message>
        <source>the GPU</source>
        <translation>der GPU</translation>
    </message>
    <message>
        <source>{low} to {high}</source>
        <translation>{low} bis {high}</translation>
    </message>
    <message>
        <source>{category} is no longer suggested by {b}: {before} with {a}, {after} now</source>
        <translation>{category} wird von {b} nicht mehr vorgeschlagen: {before} mit {a}, jetzt {after}</translation>
    </message>
    <message>
        <source>{category} is suggested by {b}: {before} with {a}, {after} now</source>
        <translation>{category} wird von {b} vorgeschlagen: {before} mit {a}, jetzt {after}</translation>
    </message>
    <message>
        <source>The scores of {version} name other categories than its head.</source>
        <translation>Die Werte von {version} nennen andere Kategorien als die Version selbst.</translation>
    </message>
    <message>
        <source>Judging the new version</source>
        <translation>Die neue Version wird beurteilt</translation>
    </message>
    <message>
        <source>This project is open read-only: training is not possible.</source>
        <translation>Dieses Projekt ist schreibgeschützt geöffnet: Training ist nicht möglich.</translation>
    </message>
    <message>
        <source>There are no images in this project yet.</source>
        <translation>In diesem Projekt sind noch keine Bilder.</translation>
    </message>
    <message>
        <source>The images have no features yet, which training needs.</source>
        <translation>Die Bilder haben noch keine Merkmale, die das Training braucht.</translation>
    </message>
    <message>
        <source>Nothing is labelled yet. Review some images first.</source>
        <translation>Noch ist nichts gelabelt. Prüfen Sie zuerst einige Bilder.</translation>
    </message>
    <message>
        <source>The labelled images lack the details that training needs, or can no longer be read.</source>
        <translation>Den gelabelten Bildern fehlen die Details, die das Training braucht, oder sie sind nicht mehr lesbar.</translation>
    </message>
    <message>
        <source>None of the images can be read. Restore the files, then scan again.</source>
        <translation>Keines der Bilder ist lesbar. Stellen Sie die Dateien wieder her und durchsuchen Sie den Ordner neu.</translation>
    </message>
    <message>
        <source>There are no categories yet. Name what you see in the first images.</source>
        <translation>Es gibt noch keine Kategorien. Benennen Sie, was Sie in den ersten Bildern sehen.</translation>
    </message>
    <message>
        <source>There are no categories yet, so there is nothing to learn; add some in the window, or with &apos;tailspotter import&apos;.</source>
        <translation>Noch gibt es keine Kategorien und damit nichts zu lernen; fügen Sie welche hinzu, oder importieren Sie Labels.</translation>
    </message>
    <message>
        <source>Nothing is labelled yet; review some images, then train.</source>
        <translation>Noch ist nichts gelabelt; prüfen Sie einige Bilder, und trainieren Sie dann.</translation>
    </message>
    <message>
        <source>The features of this project are incomplete; run &apos;tailspotter index&apos;.</source>
        <translation>Die Merkmale dieses Projekts sind unvollständig; berechnen Sie sie neu.</translation>
    </message>
    <message>
        <source>1 image carries labels</source>
        <translation>1 Bild trägt Labels</translation>
    </message>
    <message>
        <source>{n} images carry labels</source>
        <translation>{n} Bilder tragen Labels</translation>
    </message>
    <message>
        <source>{images}, but none of them has current features; restore missing or unreadable files, then run &apos;tailspotter index&apos;.</source>
        <translation>{images}, aber ohne aktuelle Merkmale; stellen Sie fehlende oder nicht lesbare Dateien wieder her, und berechnen Sie dann die Merkmale.</translation>
    </message>
    <message>
        <source>this project keeps no patch tokens</source>
        <translation>dieses Projekt bewahrt keine Patch-Merkmale auf</translation>
    </message>
    <message>
        <source>none has patch tokens</source>
        <translation>keines hat Patch-Merkmale</translation>
    </message>
    <message>
        <source>{images}, but {why}; run &apos;tailspotter index --patches&apos; first.</source>
        <translation>{images}, aber {why}; berechnen Sie zuerst die Patch-Merkmale.</translation>
    </message>
    <message>
        <source>The run was cancelled; no version was created and nothing has changed.</source>
        <translation>Der Lauf wurde abgebrochen; keine Version wurde angelegt, und nichts hat sich geändert.</translation>
    </message>
    <message>
        <source>Resuming the interrupted run</source>
        <translation>Der unterbrochene Lauf geht weiter</translation>
    </message>
    <message>
        <source>Reading the labels</source>
        <translation>Labels werden gelesen</translation>
    </message>
    <message>
        <source>{left_out} labelled images have no current features and are left out; &apos;tailspotter index&apos; computes them.</source>
        <translation>{left_out} gelabelte Bilder haben keine aktuellen Merkmale und werden ausgelassen; berechnen Sie die Merkmale, um sie einzuschließen.</translation>
    </message>
    <message>
        <source>Training was stopped before the result could be evaluated; no version was created and nothing has changed.</source>
        <translation>Das Training wurde angehalten, bevor sich das Ergebnis auswerten ließ; keine Version wurde angelegt, und nichts hat sich geändert.</translation>
    </message>
    <message>
        <source>The active model version {version} was tuned on features of another backbone; suggestions continue without it; train again.</source>
        <translation>Die aktive Modellversion {version} wurde auf Merkmalen eines anderen Bildmodells trainiert; Vorschläge gehen ohne sie weiter; trainieren Sie erneut.</translation>
    </message>
    <message>
        <source>{error} Suggestions continue without it.</source>
        <translation>{error} Vorschläge gehen ohne sie weiter.</translation>
    </message>
    <message>
        <source>The folder of the model version {version} is gone ({place}); activate another version or train again.</source>
        <translation>Der Ordner der Modellversion {version} ist verschwunden ({place}); aktivieren Sie eine andere Version, oder trainieren Sie erneut.</translation>
    </message>
    <message>
        <source>{place} cannot be read ({reason}).</source>
        <translation>{place} ist nicht lesbar ({reason}).</translation>
    </message>
    <message>
        <source>The file {odd} of the model version {version} is missing or has changed; activate another version or train again.</source>
        <translation>Die Datei {odd} der Modellversion {version} fehlt oder hat sich geändert; aktivieren Sie eine andere Version, oder trainieren Sie erneut.</translation>
    </message>
    <message>
        <source>No trained version is active, so there is nothing to roll back.</source>
        <translation>Keine trainierte Version ist aktiv, es gibt also nichts, wohin man zurückkehren könnte.</translation>
    </message>
    <message>
        <source>&apos;none&apos; is not a version, so it cannot be deleted.</source>
        <translation>„none“ ist keine Version und lässt sich nicht löschen.</translation>
    </message>
    <message>
        <source>{version} is in use and cannot be deleted; activate another version or &apos;none&apos; first.</source>
        <translation>{version} ist in Gebrauch und kann nicht gelöscht werden; verwenden Sie zuerst eine andere Version oder „none“.</translation>
    </message>
    <message>
        <source>&apos;none&apos; is not a version, so it cannot have a note.</source>
        <translation>„none“ ist keine Version und kann keine Notiz haben.</translation>
    </message>
    <message>
        <source>A note has at most {most} letters; this one has {n}.</source>
        <translation>Eine Notiz hat höchstens {most} Zeichen; diese hat {n}.</translation>
    </message>
    <message>
        <source>{version} belongs to the image model {other_model}, and the project uses {backbone}; change the image model first, or train again.</source>
        <translation>{version} gehört zum Bildmodell {other_model}, und das Projekt verwendet {backbone}; wechseln Sie zuerst das Bildmodell, oder trainieren Sie erneut.</translation>
    </message>
    <message>
        <source>{version} was tuned on features of {backbone}, and the project uses those of {project}; train again.</source>
        <translation>{version} wurde auf Merkmalen von {backbone} trainiert, und das Projekt verwendet die von {project}; trainieren Sie erneut.</translation>
    </message>
    <message>
        <source>{error} Train again, or activate another version.</source>
        <translation>{error} Trainieren Sie erneut, oder aktivieren Sie eine andere Version.</translation>
    </message>
    <message>
        <source>Training needs at least {least_images} labelled images and {least_yes} yes labels; there are {images} and {yes}. Review some more images first.</source>
        <translation>Das Training braucht mindestens {least_images} gelabelte Bilder und {least_yes} Ja-Labels; es gibt {images} und {yes}. Prüfen Sie zuerst weitere Bilder.</translation>
    </message>
    <message>
        <source>{have} of {want} labelled images</source>
        <translation>{have} von {want} gelabelten Bildern</translation>
    </message>
    <message>
        <source>{have} of {want} yes labels</source>
        <translation>{have} von {want} Ja-Labels</translation>
    </message>
    <message>
        <source>{have} of {want} categories with several yes and a no</source>
        <translation>{have} von {want} Kategorien mit mehreren Ja und einem Nein</translation>
    </message>
    <message>
        <source>Too few labels to judge a new version: {missing}.</source>
        <translation>Zu wenige Labels, um eine neue Version zu beurteilen: {missing}.</translation>
    </message>
</context>
<context>
    <name>TrainingNotices</name>
    <message>
        <source>You can train a new version. {reason}</source>
        <translation>Sie können eine neue Version trainieren. {reason}</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>Trainieren</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Anzeigen</translation>
    </message>
    <message>
        <source>{version} is in use now.</source>
        <translation>{version} ist jetzt in Gebrauch.</translation>
    </message>
    <message>
        <source>{version} was trained but not activated.</source>
        <translation>{version} wurde trainiert, aber nicht aktiviert.</translation>
    </message>
    <message>
        <source>Labels are not affected.</source>
        <translation>Labels sind nicht betroffen.</translation>
    </message>
</context>
<context>
    <name>UnsavedBanner</name>
    <message>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <source>Discard…</source>
        <translation>Verwerfen…</translation>
    </message>
    <message>
        <source>{n} change could not be saved last time: {changes}.</source>
        <translation>{n} Änderung ließ sich beim letzten Mal nicht speichern: {changes}.</translation>
    </message>
    <message>
        <source>{n} changes could not be saved last time: {changes}.</source>
        <translation>{n} Änderungen ließen sich beim letzten Mal nicht speichern: {changes}.</translation>
    </message>
    <message>
        <source>Save now</source>
        <translation>Jetzt speichern</translation>
    </message>
    <message>
        <source>Discard {n} change permanently?</source>
        <translation>{n} Änderung endgültig verwerfen?</translation>
    </message>
    <message>
        <source>Discard {n} changes permanently?</source>
        <translation>{n} Änderungen endgültig verwerfen?</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>and {n} more</source>
        <translation>und {n} weitere</translation>
    </message>
    <message>
        <source>waiting for another program</source>
        <translation>wartet auf ein anderes Programm</translation>
    </message>
    <message>
        <source>{n} change not saved yet</source>
        <translation>{n} Änderung noch nicht gespeichert</translation>
    </message>
    <message>
        <source>{n} changes not saved yet</source>
        <translation>{n} Änderungen noch nicht gespeichert</translation>
    </message>
    <message>
        <source>Another program is writing to this project. The window is updated when it has finished.</source>
        <translation>Ein anderes Programm schreibt in dieses Projekt. Das Fenster wird aktualisiert, wenn es fertig ist.</translation>
    </message>
    <message>
        <source>{n} change is not saved yet: {changes}. {reason}</source>
        <translation>{n} Änderung ist noch nicht gespeichert: {changes}. {reason}</translation>
    </message>
    <message>
        <source>{n} changes are not saved yet: {changes}. {reason}</source>
        <translation>{n} Änderungen sind noch nicht gespeichert: {changes}. {reason}</translation>
    </message>
    <message>
        <source>{n} change is not saved yet: {changes}. Another program is writing to this project. It will be saved when that program has finished; you can keep working.</source>
        <translation>{n} Änderung ist noch nicht gespeichert: {changes}. Ein anderes Programm schreibt in dieses Projekt. Sie wird gespeichert, wenn es fertig ist; Sie können weiterarbeiten.</translation>
    </message>
    <message>
        <source>{n} changes are not saved yet: {changes}. Another program is writing to this project. They will be saved when that program has finished; you can keep working.</source>
        <translation>{n} Änderungen sind noch nicht gespeichert: {changes}. Ein anderes Programm schreibt in dieses Projekt. Sie werden gespeichert, wenn es fertig ist; Sie können weiterarbeiten.</translation>
    </message>
    <message>
        <source>{first} and {n} more</source>
        <translation>{first} und {n} weitere</translation>
    </message>
</context>
<context>
    <name>VerdictPanel</name>
    <message>
        <source>Training stopped unexpectedly</source>
        <translation>Das Training endete unerwartet</translation>
    </message>
    <message>
        <source>Training failed</source>
        <translation>Das Training ist fehlgeschlagen</translation>
    </message>
    <message>
        <source>The model in use has not changed.</source>
        <translation>Das verwendete Modell hat sich nicht geändert.</translation>
    </message>
    <message>
        <source>Training was interrupted</source>
        <translation>Das Training wurde unterbrochen</translation>
    </message>
    <message>
        <source>Training was stopped</source>
        <translation>Das Training wurde angehalten</translation>
    </message>
    <message>
        <source>{version} is in use</source>
        <translation>{version} ist in Gebrauch</translation>
    </message>
    <message>
        <source>{version} is not in use</source>
        <translation>{version} ist nicht in Gebrauch</translation>
    </message>
    <message>
        <source>{version} is in use now</source>
        <translation>{version} ist jetzt in Gebrauch</translation>
    </message>
    <message>
        <source>Suggestions now use it.</source>
        <translation>Vorschläge verwenden sie jetzt.</translation>
    </message>
    <message>
        <source>{version} was trained but not activated</source>
        <translation>{version} wurde trainiert, aber nicht aktiviert</translation>
    </message>
    <message>
        <source>It is kept: you can look at it, compare it, or use it anyway.</source>
        <translation>Sie bleibt erhalten: Sie können sie ansehen, vergleichen oder trotzdem verwenden.</translation>
    </message>
    <message>
        <source>Training was stopped early; the version has what was learned up to then.</source>
        <translation>Das Training wurde vorzeitig angehalten; die Version enthält das bis dahin Gelernte.</translation>
    </message>
</context>
<context>
    <name>Verdicts</name>
    <message>
        <source>Activated: {reason}</source>
        <translation>Aktiviert: {reason}</translation>
    </message>
    <message>
        <source>Not activated: {reason}</source>
        <translation>Nicht aktiviert: {reason}</translation>
    </message>
    <message>
        <source>Too few to judge: {images} labelled images with {yes} yes in {categories} measurable categories; it takes {least_images}, {least_yes} and {least_categories}.</source>
        <translation>Zu wenig für ein Urteil: {images} gelabelte Bilder mit {yes} Ja in {categories} messbaren Kategorien; nötig sind {least_images}, {least_yes} und {least_categories}.</translation>
    </message>
    <message>
        <source>{band} fell from {before} to {after}, outside its interval.</source>
        <translation>{band}: gefallen von {before} auf {after}, außerhalb des Intervalls.</translation>
    </message>
    <message>
        <source>{band} fell from {before} to {after}, within its interval.</source>
        <translation>{band}: gefallen von {before} auf {after}, innerhalb des Intervalls.</translation>
    </message>
    <message>
        <source>{band} fell from {before} to {after}, and what is not better is not used.</source>
        <translation>{band}: gefallen von {before} auf {after}, und was nicht besser ist, wird nicht verwendet.</translation>
    </message>
    <message>
        <source>no measured gain; {band} went from {before} to {after}, difference {low} to {high}.</source>
        <translation>kein messbarer Gewinn; {band}: von {before} auf {after}, Unterschied {low} bis {high}.</translation>
    </message>
    <message>
        <source>{band} rose from {before} to {after}, difference {low} to {high}, and no band fell.</source>
        <translation>{band}: gestiegen von {before} auf {after}, Unterschied {low} bis {high}, und nichts ist gefallen.</translation>
    </message>
    <message>
        <source>Too few labels to judge: {images} labelled images of {least_images}, {yes} yes labels of {least_yes}, {categories} categories of {least_categories} with several yes and a no.</source>
        <translation>Zu wenige Labels für ein Urteil: {images} von {least_images} gelabelten Bildern, {yes} von {least_yes} Ja-Labels, {categories} von {least_categories} Kategorien mit mehreren Ja und einem Nein.</translation>
    </message>
    <message>
        <source>{band} fell from {before} to {after}, more than chance explains.</source>
        <translation>{band}: von {before} auf {after} gefallen, mehr als der Zufall erklärt.</translation>
    </message>
    <message>
        <source>{band} fell from {before} to {after}, perhaps by chance, and no band may fall.</source>
        <translation>{band}: von {before} auf {after} gefallen, vielleicht zufällig, aber keine Häufigkeit darf fallen.</translation>
    </message>
    <message>
        <source>no gain beyond chance; {band} went from {before} to {after}.</source>
        <translation>kein Gewinn über den Zufall hinaus; {band}: von {before} auf {after}.</translation>
    </message>
    <message>
        <source>{band} rose from {before} to {after}, more than chance explains, and no band fell.</source>
        <translation>{band}: von {before} auf {after} gestiegen, mehr als der Zufall erklärt, und keine Häufigkeit ist gefallen.</translation>
    </message>
    <message>
        <source>quality over all categories</source>
        <translation>Qualität über alle Kategorien</translation>
    </message>
    <message>
        <source>the mean over all categories</source>
        <translation>Mittel über alle Kategorien</translation>
    </message>
    <message>
        <source>head</source>
        <translation>häufige Kategorien</translation>
    </message>
    <message>
        <source>medium</source>
        <translation>mittlere Kategorien</translation>
    </message>
    <message>
        <source>tail</source>
        <translation>seltene Kategorien</translation>
    </message>
    <message>
        <source>prompts and interaction, because {images} images with {yes} yes labels suffice</source>
        <translation>Prompts und Interaktion, denn {images} Bilder mit {yes} Ja-Labels reichen dafür</translation>
    </message>
    <message>
        <source>prompts and interaction, because the weights started at random; {images} images with {yes} yes labels</source>
        <translation>Prompts und Interaktion, weil die Gewichte zufällig begannen; {images} Bilder mit {yes} Ja-Labels</translation>
    </message>
    <message>
        <source>prompts alone, because {images} images with {yes} yes labels are too few for the interaction ({least_images} and {least_yes})</source>
        <translation>nur Prompts, denn {images} Bilder mit {yes} Ja-Labels sind zu wenig für die Interaktion ({least_images} und {least_yes})</translation>
    </message>
</context>
<context>
    <name>VersionCardView</name>
    <message>
        <source>in use</source>
        <translation>in Gebrauch</translation>
    </message>
    <message>
        <source>of another image model</source>
        <translation>von einem anderen Bildmodell</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Roll back</source>
        <translation>Zurückkehren</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <source>Delete permanently</source>
        <translation>Endgültig löschen</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>What to remember about it</source>
        <translation>Was man sich dazu merken sollte</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>More: {version}</source>
        <translation>Mehr: {version}</translation>
    </message>
    <message>
        <source>Note on {version}</source>
        <translation>Notiz zu {version}</translation>
    </message>
    <message>
        <source>Use {version} again</source>
        <translation>{version} wieder verwenden</translation>
    </message>
    <message>
        <source>Use the untrained model again</source>
        <translation>Wieder das untrainierte Modell verwenden</translation>
    </message>
    <message>
        <source>Learns from each answer at once, without training</source>
        <translation>Lernt sofort aus jeder Antwort, ohne Training</translation>
    </message>
    <message>
        <source>Measured when {version} was compared with it</source>
        <translation>Gemessen beim Vergleich mit {version}</translation>
    </message>
    <message>
        <source>Delete {version}? This frees {size} and cannot be undone.</source>
        <translation>{version} löschen? Das gibt {size} frei und lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
        <source>Quality not measured: too few labels</source>
        <translation>Qualität nicht gemessen: zu wenige Labels</translation>
    </message>
    <message>
        <source>Leave the comparison</source>
        <translation>Aus dem Vergleich nehmen</translation>
    </message>
    <message>
        <source>Show how it was trained</source>
        <translation>Zeigen, wie sie trainiert wurde</translation>
    </message>
    <message>
        <source>Note…</source>
        <translation>Notiz…</translation>
    </message>
    <message>
        <source>Delete… ({size})</source>
        <translation>Löschen… ({size})</translation>
    </message>
    <message>
        <source>It was trained with {model}. Change back to that image model to use it.</source>
        <translation>Sie wurde mit {model} trainiert. Wechseln Sie zu diesem Bildmodell zurück, um sie zu verwenden.</translation>
    </message>
    <message>
        <source>{version}, in use</source>
        <translation>{version}, in Gebrauch</translation>
    </message>
</context>
<context>
    <name>VersionsPanel</name>
    <message>
        <source>Versions</source>
        <translation>Versionen</translation>
    </message>
    <message>
        <source>No versions yet. The first one appears here after training.</source>
        <translation>Noch keine Versionen. Die erste erscheint hier nach dem Training.</translation>
    </message>
    <message>
        <source>Quality from 0 to 1 by band of the categories, with the range that chance explains.</source>
        <translation>Qualität von 0 bis 1 nach Häufigkeit der Kategorien, mit dem Bereich, den der Zufall erklärt.</translation>
    </message>
</context>
<context>
    <name>WindowCommands</name>
    <message>
        <source>Choose a category first, on the board or among the suggestions.</source>
        <translation>Wählen Sie zuerst eine Kategorie, in der Übersicht oder unter den Vorschlägen.</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>{n} byte</source>
        <translation>{n} Byte</translation>
    </message>
    <message>
        <source>{n} bytes</source>
        <translation>{n} Byte</translation>
    </message>
    <message>
        <source>{n} KB</source>
        <translation>{n} KB</translation>
    </message>
    <message>
        <source>{n} MB</source>
        <translation>{n} MB</translation>
    </message>
    <message>
        <source>{n} GB</source>
        <translation>{n} GB</translation>
    </message>
    <message>
        <source>{n} TB</source>
        <translation>{n} TB</translation>
    </message>
    <message>
        <source>{n} s</source>
        <translation>{n} s</translation>
    </message>
    <message>
        <source>{n} min</source>
        <translation>{n} min</translation>
    </message>
    <message>
        <source>{n} h</source>
        <translation>{n} h</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} h {minutes} min</translation>
    </message>
    <message>
        <source>{n} days</source>
        <translation>{n} Tage</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>gerade eben</translation>
    </message>
    <message>
        <source>{duration} ago</source>
        <translation>vor {duration}</translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation>gestern</translation>
    </message>
    <message>
        <source>today</source>
        <translation>heute</translation>
    </message>
    <message>
        <source>{n} days ago</source>
        <translation>vor {n} Tagen</translation>
    </message>
    <message>
        <source>yyyy-MM-dd</source>
        <translation>dd.MM.yyyy</translation>
    </message>
    <message>
        <source>HH:mm:ss</source>
        <translation>HH:mm:ss</translation>
    </message>
    <message>
        <source>HH:mm</source>
        <translation>HH:mm</translation>
    </message>
    <message>
        <source>{date} {time}</source>
        <translation>{date}, {time}</translation>
    </message>
    <message>
        <source>{n}/s</source>
        <translation>{n}/s</translation>
    </message>
    <message>
        <source>{n}/min</source>
        <translation>{n}/min</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} von {total}</translation>
    </message>
    <message>
        <source>{duration} left</source>
        <translation>noch {duration}</translation>
    </message>
</context>
<context>
    <name>Workspace</name>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Insights</source>
        <translation>Auswertung</translation>
    </message>
    <message>
        <source>Categories</source>
        <translation>Kategorien</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Check again</source>
        <translation>Erneut prüfen</translation>
    </message>
    <message>
        <source>Locate folder…</source>
        <translation>Ordner neu zuordnen…</translation>
    </message>
    <message>
        <source>{n} image: {words}.</source>
        <translation>{n} Bild: {words}.</translation>
    </message>
    <message>
        <source>{n} images: {words}.</source>
        <translation>{n} Bilder: {words}.</translation>
    </message>
    <message>
        <source>No suggestion is highlighted. Choose a category on the board.</source>
        <translation>Kein Vorschlag ist hervorgehoben. Wählen Sie eine Kategorie in der Übersicht.</translation>
    </message>
    <message>
        <source>All images are shown. Filter or sort them first, then save the query.</source>
        <translation>Alle Bilder werden angezeigt. Zuerst filtern oder sortieren, dann die Abfrage speichern.</translation>
    </message>
    <message>
        <source>This project is open read-only: {reason}. You can browse, filter and export.</source>
        <translation>Dieses Projekt ist schreibgeschützt geöffnet: {reason}. Ansehen, Filtern und Exportieren sind möglich.</translation>
    </message>
</context>
<context>
    <name>YesChip</name>
    <message>
        <source>{n} of {total}</source>
        <translation>{n} von {total}</translation>
    </message>
    <message>
        <source>Remove the label: {category} becomes unknown</source>
        <translation>Label entfernen: {category} wird offen</translation>
    </message>
    <message>
        <source>from {category}</source>
        <translation>durch {category}</translation>
    </message>
    <message>
        <source>not saved yet</source>
        <translation>noch nicht gespeichert</translation>
    </message>
</context>
<context>
    <name>_ChangeView</name>
    <message>
        <source>Continue</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Abandon</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Changing to {name}. Suggestions come from {used} until then.</source>
        <translation>Wechsel zu {name}. Bis dahin kommen Vorschläge von {used}.</translation>
    </message>
    <message>
        <source>{images} of {all} images have its features</source>
        <translation>{images} von {all} Bildern haben seine Merkmale</translation>
    </message>
</context>
</TS>
