//! What LaTeX commands and environments take that is no text.
//!
//! **In:** a name. **Out:** how many arguments are not read. **Not here:** commands
//! that the reader itself understands. A command that is not listed prints its
//! arguments: words too many are better than words lost.

/// Arguments of a command that are no text; `None` where it is not known.
pub(super) fn arguments(command: &str) -> Option<usize> {
    Some(match command {
        "label"
        | "ref"
        | "eqref"
        | "autoref"
        | "cref"
        | "Cref"
        | "pageref"
        | "nameref"
        | "vref"
        | "includegraphics"
        | "includesvg"
        | "includepdf"
        | "usepackage"
        | "documentclass"
        | "documentstyle"
        | "RequirePackage"
        | "vspace"
        | "hspace"
        | "pagestyle"
        | "thispagestyle"
        | "pagenumbering"
        | "bibliographystyle"
        | "hypersetup"
        | "geometry"
        | "color"
        | "textcolor"
        | "colorbox"
        | "pagecolor"
        | "hyphenation"
        | "graphicspath"
        | "lstset"
        | "captionsetup"
        | "index"
        | "glsadd"
        | "newcounter"
        | "stepcounter"
        | "refstepcounter"
        | "newlength"
        | "raisebox"
        | "parbox"
        | "cmidrule"
        | "cline"
        | "noalign"
        | "phantom"
        | "hphantom"
        | "vphantom"
        | "thanks"
        | "todo"
        | "urlstyle"
        | "setmainfont"
        | "setsansfont"
        | "setmonofont"
        | "setmathfont"
        | "fontfamily"
        | "fontseries"
        | "fontshape"
        | "linespread"
        | "setstretch"
        | "markright"
        | "usetikzlibrary"
        | "usetheme"
        | "usecolortheme"
        | "setbeamertemplate"
        | "foreignlanguage"
        | "selectlanguage"
        | "inputencoding"
        | "babelfont"
        | "setotherlanguage"
        | "setotherlanguages"
        | "newif"
        | "scalebox"
        | "rotatebox"
        | "bibinfo"
        | "bibfield"
        | "bibfnamefont"
        | "theoremstyle"
        | "ExecuteBibliographyOptions"
        | "DeclareBibliographyCategory"
        | "AtBeginDocument"
        | "AtEndDocument"
        | "AtBeginBibliography"
        | "citestyle"
        | "setcitestyle"
        | "babelprovide"
        | "defcitealias"
        | "translator"
        | "pdfstringdefDisableCommands"
        | "DeclareUnicodeCharacter"
        | "counterwithin"
        | "allowdisplaybreaks"
        | "includeonly"
        | "nocorr"
        | "providetranslation"
        | "bibpunct"
        | "setuptodonotes" => 1,
        "setlength"
        | "addtolength"
        | "setcounter"
        | "addtocounter"
        | "newtheorem"
        | "rule"
        | "multicolumn"
        | "multirow"
        | "DeclareMathOperator"
        | "PassOptionsToPackage"
        | "PassOptionsToClass"
        | "settowidth"
        | "settoheight"
        | "settodepth"
        | "fcolorbox"
        | "markboth"
        | "fontsize"
        | "newfontfamily"
        | "setbeamercolor"
        | "setbeamerfont"
        | "setkomavar"
        | "setkomafont"
        | "addtokomafont"
        | "SetBibliographyTitle"
        | "DeclareFieldFormat"
        | "defbibheading"
        | "newunicodechar"
        | "numberwithin"
        | "addto"
        | "titlespacing"
        | "DeclareCaptionFormat"
        | "resizebox" => 2,
        "definecolor" | "addcontentsline" | "newenvironment" | "renewenvironment" | "colorlet"
        | "addtocontents" => 3,
        "titleformat" => 5,
        _ => return None,
    })
}

/// Arguments after `\begin{…}` that are no text.
pub(super) fn environment_arguments(name: &str) -> usize {
    match name {
        "tabular" | "longtable" | "array" | "supertabular" | "tabu" | "xltabular" | "minipage"
        | "multicols" | "thebibliography" | "adjustbox" | "subfigure" | "subtable"
        | "otherlanguage" | "otherlanguage*" | "column" | "adjustwidth" | "spacing"
        | "NiceTabular" | "textblock" => 1,
        "tabular*" | "tabularx" | "tabulary" | "wrapfigure" | "wraptable" | "list"
        | "CSLReferences" => 2,
        _ => 0,
    }
}

/// Environments whose `&` and `\\` end cells.
pub(super) fn is_table(name: &str) -> bool {
    matches!(
        name,
        "tabular"
            | "tabular*"
            | "tabularx"
            | "tabulary"
            | "longtable"
            | "supertabular"
            | "tabu"
            | "xltabular"
            | "NiceTabular"
    )
}

/// Environments within a paragraph: they end no block.
pub(super) fn is_inline(name: &str) -> bool {
    matches!(
        name.trim_end_matches('*'),
        "equation"
            | "align"
            | "gather"
            | "multline"
            | "eqnarray"
            | "math"
            | "displaymath"
            | "array"
            | "aligned"
            | "split"
            | "cases"
            | "matrix"
            | "pmatrix"
            | "bmatrix"
            | "otherlanguage"
            | "small"
            | "footnotesize"
            | "sloppypar"
            | "itshape"
            | "em"
    )
}
