"""The query language: parsing, printing, resolving names, completion. See docs/query.md."""

from app.domain.query.completion import Candidate, CandidateKind, complete
from app.domain.query.errors import MissingScoresError, QueryError
from app.domain.query.nodes import Query
from app.domain.query.parser import parse
from app.domain.query.resolve import needs_scores, resolve
from app.domain.query.text import query_of, to_text

__all__ = [
    "Candidate",
    "CandidateKind",
    "MissingScoresError",
    "Query",
    "QueryError",
    "complete",
    "needs_scores",
    "parse",
    "query_of",
    "resolve",
    "to_text",
]
