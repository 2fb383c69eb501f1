"""From a token to a term or modifier, with precise errors."""

import re

from app.domain.categories import Band, clean_name
from app.domain.errors import BadInputError
from app.domain.labels import LabelState, Source
from app.domain.language import translate
from app.domain.query import nodes
from app.domain.query.errors import QueryError
from app.domain.query.lexer import Token
from app.domain.query.words import NAME_FIELDS, SORT_SCORE, SORT_WORDS, WORD_FIELDS, nearest_word, written

MAX_DAYS = 36_500.0
_NUMBER = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_COUNT = re.compile(r"[0-9]{1,9}")
_DAYS_IN = {"h": 1 / 24, "d": 1.0, "w": 7.0, "m": 30.0, "y": 365.0}


def term(token: Token, text: str) -> nodes.Term:
    """The term of a TERM token. Raises QueryError."""
    if token.field in {"", *NAME_FIELDS}:
        return _name_term(token, text)
    if token.field == "path":
        _require_value(token, text, translate("Query", 'as in path:"folder/*.jpg"'))
        return nodes.PathLike(token.value)
    if token.field == "decided":
        return nodes.DecidedWithin(_days(token, text))
    word = _word(token, text, WORD_FIELDS[token.field])
    if token.field == "is":
        return nodes.Is(nodes.Property(word))
    return nodes.FromSource(Source(word)) if token.field == "source" else nodes.InBand(Band(word))


def order(token: Token, text: str) -> nodes.Order:
    """The order of a sort: or similar: token. Raises QueryError."""
    if token.field == SORT_SCORE:
        return nodes.SortByScore(_name(token, text), token.value_start)
    if token.field == "similar":
        _require_value(token, text, translate("Query", 'as in similar:"image.jpg"'))
        return nodes.SimilarTo(token.value, token.value_start)
    if token.value == "score":
        raise _error(token, text, translate("Query", "sort:score: needs a category, as in sort:score:NAME"))
    return nodes.SortBy(nodes.SortKey(_word(token, text, SORT_WORDS)))


def limit(token: Token, text: str) -> int:
    """The number of a limit: token. Raises QueryError."""
    if _COUNT.fullmatch(token.value) and int(token.value) > 0:
        return int(token.value)
    digits = re.search(r"[1-9][0-9]{0,8}", token.value)
    raise _value_error(
        token,
        text,
        translate("Query", "limit: needs a whole number from 1 to 999999999, as in limit:100"),
        digits.group() if digits else None,
    )


def _name_term(token: Token, text: str) -> nodes.Term:
    name = _name(token, text)
    at = token.value_start
    if token.field == "suggested":
        return nodes.Suggested(name, at)
    if token.field == "unsure":
        return nodes.Unsure(name, at)
    if token.field == "score":
        comparison = _comparison(token, text, name)
        return nodes.Score(name, comparison, _probability(token, text), at)
    state = {"no": LabelState.NO, "unknown": LabelState.UNKNOWN}.get(token.field, LabelState.YES)
    return nodes.HasState(name, state, at)


def _name(token: Token, text: str) -> str:
    if token.field:
        _require_value(
            token,
            text,
            translate("Query", "directly after the colon, as in {field}:NAME").format(field=token.field),
        )
    try:
        return clean_name(token.value)
    except BadInputError as bad:
        message = str(bad).rstrip(".").replace("A category", "a category", 1)
        raise _value_error(token, text, message) from bad


def _comparison(token: Token, text: str, name: str) -> nodes.Comparison:
    try:
        return nodes.Comparison(token.comparison)
    except ValueError:
        pass
    number, end = token.number, token.end
    if not token.comparison:
        follows = re.compile(rf"\s+({_NUMBER.pattern})(?=[\s()]|$)").match(text, token.end)
        if follows:
            number, end = follows.group(1), follows.end()
    better = "<=" if "<" in token.comparison else ">="
    number = number if _NUMBER.fullmatch(number) else "0.5"
    raise QueryError(
        translate("Query", "score: needs a name, one of > >= < <= and a number"),
        token.start,
        f"score:{written(name)}{better}{number}",
        text=text,
        end=end,
    )


def _probability(token: Token, text: str) -> float:
    given = token.number
    value = _number(given)
    if value is not None and 0.0 <= value <= 1.0:
        return value
    percent = _number(given.rstrip("%").replace(",", "."))
    likely = None
    if percent is not None and "," in given and 0.0 <= percent <= 1.0:
        likely = percent
    elif percent is not None and 0.0 <= percent <= 100.0:
        likely = percent / 100.0
    message = (
        translate("Query", "a score is a number from 0 to 1, not {given}").format(given=written(given))
        if given
        else translate("Query", "a score needs a number")
    )
    raise QueryError(
        message,
        token.number_start,
        None if likely is None else f"{likely:g}",
        text=text,
        end=token.end,
    )


def _days(token: Token, text: str) -> float:
    days = _number(token.value.removesuffix("d")) if token.value.endswith("d") else None
    if days is not None and 0.0 < days <= MAX_DAYS:
        return days
    match = re.fullmatch(rf"({_NUMBER.pattern})\s*([hdwmy]?)[a-z]*", token.value)
    guess = float(match.group(1)) * _DAYS_IN[match.group(2) or "d"] if match else 0.0
    raise _value_error(
        token,
        text,
        translate(
            "Query", "decided: needs a number of days, more than 0 and at most {max_days}, as in decided:7d"
        ).format(max_days=f"{MAX_DAYS:.0f}"),
        f"{guess:g}d" if 0.0 < guess <= MAX_DAYS else None,
    )


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None


def _word(token: Token, text: str, choices: tuple[str, ...]) -> str:
    if token.value in choices:
        return token.value
    allowed = ", ".join(choices)
    _require_value(token, text, translate("Query", "one of {allowed}").format(allowed=allowed))
    for field, words in WORD_FIELDS.items():
        if token.field in WORD_FIELDS and token.value.lower() in words:
            raise _error(
                token,
                text,
                translate("Query", '{field}: has no word "{token}"').format(
                    field=token.field, token=token.value
                ),
                f"{field}:{token.value.lower()}",
            )
    nearest = nearest_word(token.value, choices)
    raise _error(
        token,
        text,
        translate("Query", '{field}: has no word "{token}", only {allowed}').format(
            field=token.field, token=token.value, allowed=allowed
        ),
        f"{token.field}:{nearest}" if nearest else None,
    )


def _require_value(token: Token, text: str, what: str) -> None:
    if not token.value.strip():
        raise _error(
            token,
            text,
            translate("Query", "{field}: needs a value, {what}").format(field=token.field, what=what),
        )


def _value_error(token: Token, text: str, message: str, suggestion: str | None = None) -> QueryError:
    return QueryError(message, token.value_start, suggestion, text=text, end=token.end)


def _error(token: Token, text: str, message: str, suggestion: str | None = None) -> QueryError:
    return QueryError(message, token.start, suggestion, text=text, end=token.end)
