"""The grammar of the query language, by recursive descent.

    query = [expr] {modifier}
    expr  = and {"OR" and}
    and   = not {["AND"] not}
    not   = ["NOT" | "-"] atom
    atom  = "(" expr ")" | term

For terms and modifiers see terms.py, for names and quotes lexer.py.
"""

from app.domain.language import translate
from app.domain.query.errors import QueryError
from app.domain.query.lexer import Kind, Token, tokens
from app.domain.query.nodes import And, Expr, Not, Or, Order, Query
from app.domain.query.terms import limit, order, term

MAX_DEPTH = 50
_STARTS = {Kind.OPEN, Kind.MINUS, Kind.NOT, Kind.TERM}


def parse(text: str) -> Query:
    """Parse a query. Raises QueryError, and nothing else, for an invalid text."""
    return _Parser(text).query()


class _Parser:
    """One pass over the tokens of one text."""

    def __init__(self, text: str, *, suggest: bool = True) -> None:
        self._text = text
        self._suggest = suggest
        self._tokens = list(tokens(text))
        self._index = 0
        self._depth = 0

    def _peek(self) -> Token:
        return self._tokens[self._index]

    def _take(self) -> Token:
        token = self._peek()
        self._index += 1
        return token

    def query(self) -> Query:
        expr = None if self._peek().kind in {Kind.MODIFIER, Kind.END} else self._or()
        ordered: Order | None = None
        limited: int | None = None
        while self._peek().kind is Kind.MODIFIER:
            token = self._take()
            if token.field == "limit":
                if limited is not None:
                    raise self._error(translate("Query", "limit: can be given only once"), token)
                limited = limit(token, self._text)
            else:
                if ordered is not None:
                    raise self._error(translate("Query", "only one sort: or similar: can be given"), token)
                ordered = order(token, self._text)
        self._require_end()
        return Query(expr, ordered, limited, self._text)

    def _require_end(self) -> None:
        token = self._peek()
        if token.kind is Kind.CLOSE:
            raise self._error(translate("Query", "this bracket was never opened"), token)
        if token.kind is not Kind.END:
            last = self._tokens[self._index - 1]
            raise self._misplaced(last) if last.kind is Kind.MODIFIER else self._missing(token)

    def _or(self) -> Expr:
        operands = [self._and()]
        while self._peek().kind is Kind.OR:
            self._take()
            operands.append(self._and())
        return operands[0] if len(operands) == 1 else Or(tuple(operands))

    def _and(self) -> Expr:
        operands = [self._not()]
        while self._peek().kind is Kind.AND or self._peek().kind in _STARTS:
            if self._peek().kind is Kind.AND:
                self._take()
            operands.append(self._not())
        return operands[0] if len(operands) == 1 else And(tuple(operands))

    def _not(self) -> Expr:
        if self._peek().kind not in {Kind.NOT, Kind.MINUS}:
            return self._atom()
        first = self._take()
        if self._peek().kind in {Kind.NOT, Kind.MINUS}:
            raise QueryError(
                translate("Query", "two negations in a row cancel each other"),
                first.start,
                text=self._text,
                end=self._peek().end,
            )
        return Not(self._atom())

    def _atom(self) -> Expr:
        token = self._peek()
        if token.kind is Kind.TERM:
            return term(self._take(), self._text)
        if token.kind is Kind.OPEN:
            return self._group()
        raise self._missing(token)

    def _group(self) -> Expr:
        opening = self._take()
        if self._depth == MAX_DEPTH:
            raise self._error(
                translate("Query", "brackets are nested deeper than {max_depth}").format(max_depth=MAX_DEPTH),
                opening,
            )
        if self._peek().kind is Kind.CLOSE:
            raise QueryError(
                translate("Query", "there is nothing between these brackets"),
                opening.start,
                text=self._text,
                end=self._peek().end,
            )
        self._depth += 1
        expr = self._or()
        self._depth -= 1
        if self._peek().kind is not Kind.CLOSE:
            rest = self._tokens[self._index :]
            at_end = all(token.kind in {Kind.MODIFIER, Kind.END} for token in rest)
            raise self._unclosed(opening) if at_end else self._misplaced(self._peek())
        self._take()
        return expr

    def _unclosed(self, opening: Token) -> QueryError:
        """The fix closes the bracket before the modifiers at the end."""
        inside, after = (
            self._text[opening.start : self._peek().start].rstrip(),
            self._text[self._peek().start :],
        )
        return QueryError(
            translate("Query", "this bracket is never closed"),
            opening.start,
            None if inside == "(" else f"{inside}) {after}".rstrip(),
            text=self._text,
            end=len(self._text),
        )

    def _missing(self, token: Token) -> QueryError:
        """The error for a ``token`` in place of an operand."""
        before = self._tokens[self._index - 1] if self._index else None
        if before is not None and before.kind in {Kind.AND, Kind.OR, Kind.NOT, Kind.MINUS}:
            word = self._text[before.start : before.end]
            if token.kind is Kind.MODIFIER and before.kind in {Kind.NOT, Kind.MINUS}:
                return self._error(
                    translate("Query", "{field}: is a modifier and cannot be negated").format(
                        field=token.field
                    ),
                    before,
                )
            return self._error(
                translate("Query", "{word} needs something after it").format(word=word), before
            )
        if before is not None and before.kind is Kind.OPEN and token.kind is Kind.END:
            return self._unclosed(before)
        if token.kind in {Kind.AND, Kind.OR}:
            word = self._text[token.start : token.end]
            return self._error(
                translate("Query", "{word} needs something before it").format(word=word), token
            )
        if token.kind is Kind.MODIFIER:
            return self._misplaced(token)
        return self._error(translate("Query", "a category or another term is expected here"), token)

    def _misplaced(self, modifier: Token) -> QueryError:
        """The error for a modifier before a term. The fix moves all modifiers to the end if that is valid."""
        rest, moved, at = "", "", 0
        for token in self._tokens:
            if token.kind is Kind.MODIFIER:
                rest += self._text[at : token.start].rstrip()
                moved += f" {self._text[token.start : token.end]}"
                at = token.end
        fixed = (rest + self._text[at:].rstrip() + moved).strip()
        word = self._text[modifier.start : modifier.end]
        return QueryError(
            translate("Query", "the modifier {word} must be at the end of a query").format(word=word),
            modifier.start,
            fixed if self._suggest and _is_query(fixed) else None,
            text=self._text,
            whole=True,
        )

    def _error(self, message: str, token: Token) -> QueryError:
        return QueryError(message, token.start, text=self._text, end=token.end)


def _is_query(text: str) -> bool:
    try:
        _Parser(text, suggest=False).query()
    except QueryError:
        return False
    return True
