//! The character sets of RTF: by code page, and by the number of a font's script.
//!
//! **In:** `\ansicpg` and `\fcharset`. **Out:** an encoding. **Not here:** Unicode (`\u`).
//! (RTF 1.9.1, "Character Set" and "Font Table".)

use encoding_rs::{self as sets, Encoding};

/// The encoding of a Windows or DOS code page.
pub(super) fn of_code_page(page: i32) -> Option<&'static Encoding> {
    Some(match page {
        866 => sets::IBM866,
        874 => sets::WINDOWS_874,
        932 => sets::SHIFT_JIS,
        936 => sets::GBK,
        949 => sets::EUC_KR,
        950 => sets::BIG5,
        1250 => sets::WINDOWS_1250,
        1251 => sets::WINDOWS_1251,
        1252 => sets::WINDOWS_1252,
        1253 => sets::WINDOWS_1253,
        1254 => sets::WINDOWS_1254,
        1255 => sets::WINDOWS_1255,
        1256 => sets::WINDOWS_1256,
        1257 => sets::WINDOWS_1257,
        1258 => sets::WINDOWS_1258,
        10000 => sets::MACINTOSH,
        10007 => sets::X_MAC_CYRILLIC,
        54936 => sets::GB18030,
        65001 => sets::UTF_8,
        _ => return None,
    })
}

/// The encoding of a font; `None` where the document's own counts.
pub(super) fn of_font(charset: i32) -> Option<&'static Encoding> {
    of_code_page(match charset {
        77 => 10000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    })
}
