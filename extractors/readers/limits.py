"""What one file may cost. Past a limit the outcome is LIMIT (or that part is named as unread), never a slow machine."""

from dataclasses import dataclass

MEBI = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes are real bytes counted while unpacking; what a file's headers declare is never believed."""

    file_bytes: int = 100 * MEBI
    archive_bytes: int = 1024 * MEBI
    archive_members: int = 2000
    archive_depth: int = 3
    archive_ratio: int = 200
    ratio_from: int = MEBI
    part_bytes: int = 300 * MEBI
    document_part_bytes: int = 64 * MEBI
    paragraphs: int = 100_000
    table_cells: int = 300_000
    nesting: int = 40
    sheet_cells: int = 1_000_000
    sheets: int = 200
    pdf_pages: int = 2000
    page_characters: int = 200_000
    page_objects: int = 100_000
    form_draws: int = 100_000
    content_bytes: int = 200 * MEBI
    image_pixels: int = 400_000_000
    picture_pixels: int = 120_000_000
    page_depth: int = 12
    text_characters: int = 20_000_000


DEFAULT = Limits()
