"""The only room that speaks SQL: tables, repositories, migrations, locks, places in a project folder."""
