"""The few calls of PDFium we make by the ten thousand, through prototypes that pass plain addresses.

pypdfium2's own wrappers check types and build an object a call; over a page's characters that costs more than PDFium itself. Handles are
integers here and never leave the readers.
"""

import ctypes
from collections.abc import Callable
from typing import Any, Final

import pypdfium2.raw as raw

_POINTER: Final = ctypes.c_void_p


def _bind(name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
    address = ctypes.cast(getattr(raw, name), _POINTER).value or 0
    function: Callable[..., Any] = ctypes.PYFUNCTYPE(result, *arguments)(address)
    return function


_INT, _FLOAT = ctypes.c_int, ctypes.c_float

get_unicode = _bind("FPDFText_GetUnicode", ctypes.c_uint, _POINTER, _INT)
get_loose_box = _bind("FPDFText_GetLooseCharBox", _INT, _POINTER, _INT, _POINTER)
is_generated = _bind("FPDFText_IsGenerated", _INT, _POINTER, _INT)
text_object = _bind("FPDFText_GetTextObject", _POINTER, _POINTER, _INT)
count_objects = _bind("FPDFPage_CountObjects", _INT, _POINTER)
get_object = _bind("FPDFPage_GetObject", _POINTER, _POINTER, _INT)
form_count = _bind("FPDFFormObj_CountObjects", _INT, _POINTER)
form_object = _bind("FPDFFormObj_GetObject", _POINTER, _POINTER, ctypes.c_ulong)
object_type = _bind("FPDFPageObj_GetType", _INT, _POINTER)
object_bounds = _bind("FPDFPageObj_GetBounds", _INT, _POINTER, _POINTER, _POINTER, _POINTER, _POINTER)
object_matrix = _bind("FPDFPageObj_GetMatrix", _INT, _POINTER, _POINTER)
fill_colour = _bind("FPDFPageObj_GetFillColor", _INT, _POINTER, _POINTER, _POINTER, _POINTER, _POINTER)
stroke_colour = _bind("FPDFPageObj_GetStrokeColor", _INT, _POINTER, _POINTER, _POINTER, _POINTER, _POINTER)
stroke_width = _bind("FPDFPageObj_GetStrokeWidth", _INT, _POINTER, _POINTER)
clip_path = _bind("FPDFPageObj_GetClipPath", _POINTER, _POINTER)
clip_paths = _bind("FPDFClipPath_CountPaths", _INT, _POINTER)
clip_segments = _bind("FPDFClipPath_CountPathSegments", _INT, _POINTER, _INT)
clip_segment = _bind("FPDFClipPath_GetPathSegment", _POINTER, _POINTER, _INT, _INT)
text_font = _bind("FPDFTextObj_GetFont", _POINTER, _POINTER)
font_name = _bind("FPDFFont_GetBaseFontName", ctypes.c_size_t, _POINTER, _POINTER, ctypes.c_size_t)
is_embedded = _bind("FPDFFont_GetIsEmbedded", _INT, _POINTER)
set_active = _bind("FPDFPageObj_SetIsActive", _INT, _POINTER, _INT)
get_char_box = _bind("FPDFText_GetCharBox", _INT, _POINTER, _INT, _POINTER, _POINTER, _POINTER, _POINTER)
char_angle = _bind("FPDFText_GetCharAngle", _FLOAT, _POINTER, _INT)
render_mode = _bind("FPDFTextObj_GetTextRenderMode", _INT, _POINTER)
draw_mode = _bind("FPDFPath_GetDrawMode", _INT, _POINTER, _POINTER, _POINTER)
see_through = _bind("FPDFPageObj_HasTransparency", _INT, _POINTER)
image_size = _bind("FPDFImageObj_GetImagePixelSize", _INT, _POINTER, _POINTER, _POINTER)
count_segments = _bind("FPDFPath_CountSegments", _INT, _POINTER)
get_segment = _bind("FPDFPath_GetPathSegment", _POINTER, _POINTER, _INT)
segment_point = _bind("FPDFPathSegment_GetPoint", _INT, _POINTER, _POINTER, _POINTER)
segment_type = _bind("FPDFPathSegment_GetType", _INT, _POINTER)
segment_close = _bind("FPDFPathSegment_GetClose", _INT, _POINTER)

TEXT, PATH, IMAGE, SHADING, FORM = 1, 2, 3, 4, 5


def handle(value: Any) -> int:
    """The address behind one of pypdfium2's pointers."""
    return ctypes.cast(value, _POINTER).value or 0
