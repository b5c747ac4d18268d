"""Layouts rows and columns: lists, as their package-info.java files describe them."""

STRUCT_FIELDS = {"reasons": "reasons", "counts": "count", "log_proposals": "log_proposal"}


def common(table, row, scalars):
    sequence = {name: table[name][row].as_py() for name in ["sequence", "tokens", "segments", "fingerprint"]}
    return {**sequence, **{name: table[name][row].as_py() for name in scalars}}


def rows(table, header, parts, entries, scalars):
    """Generation 1: each position is a list of structs."""
    for row in range(table.num_rows):
        sequence = common(table, row, scalars)
        positions = table["entries"][row].as_py()
        fields = {"ids": "id", "log_probs": "log_prob", **{name: STRUCT_FIELDS[name] for name in entries}}
        yield {**sequence, **{name: [[e[field] for e in p] for p in positions] for name, field in fields.items()}}


def columns(table, header, parts, entries, scalars):
    """Generation 2: a list of lists for each value of entries."""
    for row in range(table.num_rows):
        yield {**common(table, row, scalars),
               **{name: table[name][row].as_py() for name in ["ids", "log_probs", *entries]}}
