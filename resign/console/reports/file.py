"""A figure as a CSV file; that it was taken out is noted before it leaves."""

from flask import Response, request

from resign.console.noting import noted
from resign.console.reports.asked import Asked
from resign.reports.csv_lines import csv_lines
from resign.reports.figure import Figure
from resign.reports.span import Span


def file_of(figure: Figure, name: str, workspace: str, span: Span, asked: Asked) -> Response:
    """With `excel` in the address it begins with the mark by which Excel knows UTF-8."""
    noted(
        "exported-report", workspace=workspace, report=name, rows=len(figure.rows), format="csv", asked=asked.address
    )  # fmt: skip
    file = f"resign-{name}-{workspace}-{span.first}-{span.last}.csv"
    return Response(
        csv_lines(figure.columns, figure.rows, bom="excel" in request.args),
        headers={
            "Content-Type": "text/csv; charset=utf-8; header=present",
            "Content-Disposition": f'attachment; filename="{file}"',
        },
    )
