"""The only package that uses SQL: tables, queries, migrations, locks, and the layout of a project folder."""
