//! The thirteen forms products are drawn in. Each stands on y = 152 or hangs from the top of a field
//! of 240 by 180.

use super::drawing::Shades;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Kettle,
    Mug,
    Cup,
    PourOver,
    Strainer,
    Grinder,
    Pan,
    Knife,
    Bowl,
    Jug,
    Board,
    Towel,
    Apron,
}

impl Form {
    /// Hung on a wall, so that it throws no shadow on a table.
    pub fn hangs(self) -> bool {
        matches!(self, Self::Towel | Self::Apron)
    }
}

pub fn draw(form: Form, shades: &Shades) -> String {
    match form {
        Form::Kettle => kettle(shades),
        Form::Mug => mug(shades),
        Form::Cup => cup(shades),
        Form::PourOver => pour_over(shades),
        Form::Strainer => strainer(shades),
        Form::Grinder => grinder(shades),
        Form::Pan => pan(shades),
        Form::Knife => knife(shades),
        Form::Bowl => bowl(shades),
        Form::Jug => jug(shades),
        Form::Board => board(shades),
        Form::Towel => towel(shades),
        Form::Apron => apron(shades),
    }
}

fn kettle(
    Shades {
        main,
        light,
        dark,
        deep,
        ..
    }: &Shades,
) -> String {
    format!(
        r##"<path d="M80 84C76 18 164 18 160 84" fill="none" stroke="{deep}" stroke-width="5"/><path d="M101 38c12-5 26-5 38 0" fill="none" stroke="#b9804a" stroke-width="10" stroke-linecap="round"/><path d="M82 126C58 122 54 102 42 92l15-8c12 8 14 20 33 24Z" fill="{dark}"/><path d="M68 110c0-26 20-40 52-40s52 14 52 40c0 26-16 42-52 42s-52-16-52-42Z" fill="{main}"/><path d="M146 74c17 6 26 19 26 36 0 26-16 42-52 42-8 0-15-1-21-2 46-2 66-40 47-76Z" fill="{dark}"/><path d="M78 106c2-14 11-23 24-26" fill="none" stroke="{light}" stroke-width="5" stroke-linecap="round"/><path d="M90 73c4-9 15-13 30-13s26 4 30 13c-18 5-42 5-60 0Z" fill="{deep}"/><circle cx="120" cy="55" r="6.5" fill="#b9804a"/><g fill="{light}" opacity=".7"><circle cx="90" cy="120" r="2.2"/><circle cx="102" cy="124" r="2.2"/><circle cx="114" cy="126" r="2.2"/><circle cx="126" cy="126" r="2.2"/><circle cx="138" cy="124" r="2.2"/><circle cx="150" cy="120" r="2.2"/></g>"##
    )
}

fn mug(
    Shades {
        main,
        light,
        pale,
        dark,
        ..
    }: &Shades,
) -> String {
    format!(
        r##"<path d="M104 58c-8-8 6-14-1-26M122 60c-8-9 7-16-1-30" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round" opacity=".85"/><path d="M152 90c32-6 36 38-2 40" fill="none" stroke="{dark}" stroke-width="9"/><path d="M78 76h76v58c0 11-8 18-18 18H96c-10 0-18-7-18-18Z" fill="#ead9c0"/><path d="M78 76h76v38c-9 9-17-3-26 4s-17 8-25 0-16 4-25-3Z" fill="{main}"/><path d="M136 76h18v58c0 11-8 18-18 18h-8c12-16 14-44 8-76Z" fill="#3a2a20" opacity=".13"/><ellipse cx="116" cy="76" rx="38" ry="8.5" fill="{light}"/><ellipse cx="116" cy="77.5" rx="33" ry="6" fill="#5a3a26"/><path d="M88 88v22" stroke="{pale}" stroke-width="4" stroke-linecap="round"/>"##
    )
}

fn cup(
    Shades {
        main,
        light,
        pale,
        dark,
        ..
    }: &Shades,
) -> String {
    format!(
        r##"<ellipse cx="120" cy="147" rx="62" ry="8" fill="{dark}"/><ellipse cx="120" cy="145" rx="62" ry="8" fill="{light}"/><ellipse cx="120" cy="144" rx="40" ry="4.5" fill="{dark}" opacity=".5"/><path d="M150 108c22-3 22 22-4 22" fill="none" stroke="{dark}" stroke-width="7"/><path d="M86 98h68c0 28-10 46-34 46s-34-18-34-46Z" fill="{main}"/><path d="M140 98h14c0 28-10 46-34 46 16-8 22-24 20-46Z" fill="{dark}"/><path d="M150 66c22-3 22 22-4 22" fill="none" stroke="{dark}" stroke-width="7"/><path d="M86 56h68c0 26-8 44-22 46h-24c-14-2-22-20-22-46Z" fill="#ead9c0"/><path d="M86 56h68c0 8-1 15-2 21H88c-1-6-2-13-2-21Z" fill="{main}"/><path d="M140 56h14c0 26-8 44-22 46h-8c12-8 18-24 16-46Z" fill="#3a2a20" opacity=".14"/><ellipse cx="120" cy="56" rx="34" ry="7.5" fill="{light}"/><ellipse cx="120" cy="57.5" rx="29" ry="5" fill="#5a3a26"/><path d="M110 57c4-2 12-2 18 1" stroke="#c99c6b" stroke-width="2" fill="none" stroke-linecap="round"/><path d="M94 106c0 10 2 17 6 23" fill="none" stroke="{pale}" stroke-width="4" stroke-linecap="round"/>"##
    )
}

fn pour_over(
    Shades {
        main,
        light,
        dark,
        deep,
        ..
    }: &Shades,
) -> String {
    format!(
        r##"<path d="M78 64h9v84h-9ZM153 64h9v84h-9Z" fill="{dark}"/><rect x="66" y="143" width="108" height="9" rx="3" fill="{main}"/><rect x="66" y="143" width="108" height="3" rx="1.5" fill="{light}"/><path d="M86 26h68l-24 44h-20Z" fill="#fff" opacity=".75"/><path d="M93 39h54l-17 31h-20Z" fill="#6a4229"/><path d="M86 26h68" stroke="#cdd7da" stroke-width="3" stroke-linecap="round"/><rect x="66" y="60" width="108" height="10" rx="3" fill="{main}"/><rect x="66" y="60" width="108" height="3" rx="1.5" fill="{light}"/><path d="M108 70h24l-3 8h-18Z" fill="{deep}"/><path d="M120 80v10" stroke="#6a4229" stroke-width="2.5" stroke-linecap="round"/><path d="M106 92h28l-3 10c10 5 15 15 15 28 0 8-4 13-10 13h-32c-6 0-10-5-10-13 0-13 5-23 15-28Z" fill="#fff" opacity=".75"/><path d="M96 120h48c1 3 2 6 2 10 0 8-4 13-10 13h-32c-6 0-10-5-10-13 0-4 1-7 2-10Z" fill="#6a4229"/><path d="M104 92h32" stroke="#cdd7da" stroke-width="3" stroke-linecap="round"/><path d="M102 112c-3 5-4 12-3 19" stroke="#fff" stroke-width="3" fill="none" stroke-linecap="round" opacity=".6"/>"##
    )
}

fn strainer(
    Shades {
        main,
        light,
        pale,
        dark,
        deep,
    }: &Shades,
) -> String {
    format!(
        r##"<path d="M150 106c24-4 26 28-6 30" fill="none" stroke="#d9c8b2" stroke-width="8"/><ellipse cx="113" cy="100" rx="46" ry="9" fill="#d9c8b2"/><path d="M78 66h70c0 26-12 42-35 42S78 92 78 66Z" fill="{main}"/><path d="M134 66h14c0 26-12 42-35 42 15-8 22-22 21-42Z" fill="{dark}" opacity=".6"/><path d="M81 78h64M84 90h58M96 66c0 16 5 30 11 40M113 66v40M130 66c0 16-5 30-11 40" stroke="{pale}" stroke-width="1.6" fill="none" opacity=".9"/><path d="M146 63c26-2 44-6 62-15" stroke="{deep}" stroke-width="6" stroke-linecap="round" fill="none"/><circle cx="213" cy="45" r="5.5" fill="none" stroke="{deep}" stroke-width="3.5"/><ellipse cx="113" cy="64" rx="38" ry="8" fill="{light}"/><ellipse cx="113" cy="65" rx="32" ry="5.5" fill="{deep}"/><path d="M94 65c4-3 9-3 11 0M112 66c4-3 9-3 11 0M124 64c3-2 6-2 8 0M104 63c3-2 6-2 8 0" stroke="#8fae70" stroke-width="2.8" fill="none" stroke-linecap="round"/><path d="M67 100c8 12 84 12 92 0 0 34-14 52-46 52s-46-18-46-52Z" fill="#f7efe3"/><path d="M140 107c8-1 15-4 19-7 0 34-14 52-46 52 20-8 28-24 27-45Z" fill="#e3d3be"/><path d="M69 114c18 8 70 8 88 0" stroke="#b5663b" stroke-width="3" fill="none" opacity=".8"/><path d="M76 122c3 10 8 16 14 20" stroke="#fff" stroke-width="4" fill="none" stroke-linecap="round"/>"##
    )
}

fn grinder(
    Shades {
        main,
        light,
        dark,
        deep,
        ..
    }: &Shades,
) -> String {
    format!(
        r##"<path d="M118 54V36h46" fill="none" stroke="#8f8f8c" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/><path d="M158 22c0-4 12-4 12 0l-1 14h-10Z" fill="{deep}"/><path d="M84 88c0-22 13-34 34-34s34 12 34 34Z" fill="#c9a257"/><path d="M136 59c10 5 16 15 16 29h-18c4-11 5-20 2-29Z" fill="#a9843e"/><path d="M92 82c2-11 8-18 17-21" stroke="#e8cf95" stroke-width="4" fill="none" stroke-linecap="round"/><rect x="70" y="86" width="96" height="9" rx="3" fill="{deep}"/><path d="M76 95h84v51H76Z" fill="{main}"/><path d="M142 95h18v51h-18Z" fill="{dark}"/><path d="M82 102h10M82 138h8" stroke="{light}" stroke-width="2" stroke-linecap="round"/><rect x="92" y="108" width="52" height="27" rx="3" fill="{dark}"/><rect x="94" y="110" width="48" height="23" rx="2" fill="{light}"/><circle cx="118" cy="121" r="5" fill="#c9a257"/><rect x="70" y="144" width="96" height="8" rx="3" fill="{deep}"/><path d="M178 150c-6-6-1-13 6-12s9 9 2 12ZM192 152c-5-5 0-10 5-9s7 7 1 9Z" fill="#5a3a26"/>"##
    )
}

fn pan(
    Shades {
        main,
        light,
        dark,
        deep,
        ..
    }: &Shades,
) -> String {
    format!(
        r##"<path d="M156 112l58-20c9-3 13 9 4 13l-58 24Z" fill="{deep}"/><circle cx="213" cy="98.5" r="2.8" fill="#f3e9dc"/><path d="M30 112c4 26 26 40 70 40s66-14 70-40Z" fill="{dark}"/><path d="M38 128c10 16 28 24 62 24 20 0 35-3 46-8-40 6-80 4-108-16Z" fill="{deep}"/><ellipse cx="100" cy="112" rx="70" ry="23" fill="{light}"/><ellipse cx="100" cy="113" rx="63" ry="18.5" fill="{main}"/><ellipse cx="100" cy="116" rx="58" ry="15" fill="{dark}"/><path d="M66 112c4-9 22-11 34-8 14-4 36 2 34 11-1 8-18 5-26 11-12 4-24-2-30-3-9-1-14-5-12-11Z" fill="#fffdf7"/><ellipse cx="99" cy="113" rx="14" ry="7.5" fill="#e8a22f"/><ellipse cx="95" cy="111" rx="4.5" ry="2" fill="#f8d27d"/><path d="M84 84c-7-8 6-13 0-24M106 82c-7-8 6-13 0-24" stroke="#fff" stroke-width="3.5" fill="none" stroke-linecap="round" opacity=".85"/>"##
    )
}

fn knife(
    Shades {
        main,
        light,
        dark,
        deep,
        ..
    }: &Shades,
) -> String {
    format!(
        r##"<path d="M24 118h192l8 34H16Z" fill="#cfa06a"/><path d="M16 152h208v6H16Z" fill="#a87743"/><path d="M40 130h120M58 141h130M112 124h86" stroke="#b98a53" stroke-width="1.8" stroke-linecap="round"/><g transform="rotate(-9 120 100)"><path d="M20 118c22-24 62-34 126-34v34c-42 9-84 9-126 0Z" fill="#dfe4e6"/><path d="M20 118c26-10 72-14 126-14v14c-42 9-84 9-126 0Z" fill="#c3cbcf"/><path d="M40 104c22-9 54-13 100-14" stroke="#fff" stroke-width="2.5" fill="none" stroke-linecap="round"/><path d="M142 82h10v36h-10Z" fill="#8b9398"/><path d="M152 83h54c12 0 17 8 17 17s-5 16-11 15c-8-2-12-4-20-4h-40Z" fill="{main}"/><path d="M152 101h71c0 8-5 15-11 14-8-2-12-4-20-4h-40Z" fill="{dark}"/><path d="M158 88h44" stroke="{light}" stroke-width="2.5" stroke-linecap="round"/><g fill="{deep}"><circle cx="164" cy="98" r="3"/><circle cx="184" cy="98" r="3"/><circle cx="204" cy="99" r="3"/></g></g><path d="M44 146c10-10 22-12 34-12" stroke="#56795f" stroke-width="2.5" fill="none" stroke-linecap="round"/><path d="M52 140c-6-4-6-9-4-12 5 2 7 7 4 12ZM62 136c-4-5-2-10 1-12 4 4 3 9-1 12ZM58 141c2 6 7 7 11 6-1-5-6-8-11-6ZM68 136c3 5 8 6 12 4-2-5-8-7-12-4Z" fill="#6c9075"/>"##
    )
}

fn bowl(
    Shades {
        main,
        light,
        pale,
        dark,
        deep,
    }: &Shades,
) -> String {
    format!(
        r##"<path d="M92 144h56v8H92Z" fill="{deep}"/><ellipse cx="120" cy="90" rx="74" ry="14" fill="{dark}"/><circle cx="92" cy="80" r="19" fill="#f2d35f"/><circle cx="146" cy="81" r="18" fill="#e9c243"/><circle cx="120" cy="72" r="20" fill="#f6dd78"/><path d="M110 62c3-4 8-6 12-5M84 70c2-3 6-5 9-5" stroke="#fff6cf" stroke-width="3.5" fill="none" stroke-linecap="round"/><path d="M126 54c2-8 10-12 18-10 0 8-8 13-18 10Z" fill="#6c9075"/><path d="M46 90c0 36 26 57 74 57s74-21 74-57c-30 19-118 19-148 0Z" fill="{main}"/><path d="M170 99c9-2 18-5 24-9 0 36-26 57-74 57-6 0-12 0-17-1 48-4 68-22 67-47Z" fill="{dark}"/><path d="M46 90c30 19 118 19 148 0" stroke="{light}" stroke-width="4" fill="none"/><path d="M52 112c34 17 102 17 136 0" stroke="{pale}" stroke-width="2.5" fill="none" opacity=".8"/><path d="M57 121c34 16 92 16 126 0" stroke="{pale}" stroke-width="2.5" fill="none" opacity=".8"/>"##
    )
}

fn jug(
    Shades {
        main,
        light,
        pale,
        dark,
        ..
    }: &Shades,
) -> String {
    format!(
        r##"<path d="M120 52C116 34 104 26 100 12M124 52c0-16 6-26 10-44M118 52c-10-10-22-12-30-12" fill="none" stroke="#6b7f5c" stroke-width="2.5" stroke-linecap="round"/><path d="M100 12c-9-1-13 5-12 11 7 1 12-4 12-11ZM105 25c8-4 14 0 15 5-6 4-12 2-15-5ZM134 8c8 0 12 6 11 12-7 0-11-5-11-12ZM129 24c-8-3-13 1-14 7 6 3 12 0 14-7ZM128 34c7-4 13-2 15 3-5 5-12 4-15-3ZM88 40c-8 1-10 8-8 13 7-1 10-7 8-13ZM101 44c-3-7-9-8-14-5 2 6 8 8 14 5Z" fill="#8ba277"/><path d="M144 74c40-12 44 52 4 56" fill="none" stroke="{dark}" stroke-width="9" stroke-linecap="round"/><path d="M90 50l-9 5 10 11c5 20-17 34-17 58 0 19 14 28 46 28s46-9 46-28c0-25-22-38-18-60l4-12c-18-7-44-7-62-2Z" fill="#ead9c0"/><path d="M90 50l-9 5 10 11c5 18-12 30-16 49 15 9 27-2 41 4s27 9 48 1c-4-22-20-35-16-56l4-12c-18-7-44-7-62-2Z" fill="{main}"/><path d="M134 47c7 1 13 3 18 5l-4 12c-4 22 18 35 18 60 0 19-14 28-46 28 36-14 26-50 14-105Z" fill="#3a2a20" opacity=".14"/><path d="M86 52c20-7 48-7 66 0-18 6-48 6-66 0Z" fill="{light}"/><path d="M94 53c16-4 36-4 50 0-16 3-36 3-50 0Z" fill="{dark}"/><path d="M88 102c2-9 8-17 12-26" stroke="{pale}" stroke-width="4.5" fill="none" stroke-linecap="round"/>"##
    )
}

fn board(
    Shades {
        main,
        light,
        dark,
        deep,
        ..
    }: &Shades,
) -> String {
    format!(
        r##"<g transform="rotate(-4 120 152)"><path d="M108 20c0-8 24-8 24 0l3 28h20c9 0 14 5 14 13v78c0 8-5 13-13 13H84c-8 0-13-5-13-13V61c0-8 5-13 14-13h20Z" fill="{main}"/><path d="M158 48c7 1 11 6 11 13v78c0 8-5 13-13 13h-8c6-28 8-68 10-104Z" fill="{dark}"/><circle cx="120" cy="27" r="5" fill="#faf3e9"/><path d="M82 66c16 5 24-2 40 2M84 86c22 6 36-4 56 1M82 108c12-5 30 5 44-1M86 132c22 4 32-4 50 0" stroke="{dark}" stroke-width="2" fill="none" stroke-linecap="round" opacity=".75"/><ellipse cx="136" cy="112" rx="7" ry="4" fill="none" stroke="{dark}" stroke-width="2" opacity=".75"/><path d="M78 62v62" stroke="{light}" stroke-width="3" stroke-linecap="round"/></g><path d="M150 152l-3-26c8-12 40-12 50 2l2 24Z" fill="#f0cf73"/><path d="M147 126c8-12 40-12 50 2-14 4-36 4-50-2Z" fill="#fae3a0"/><g fill="#d6ae4a"><circle cx="162" cy="140" r="4"/><circle cx="180" cy="143" r="5"/><circle cx="188" cy="134" r="2.6"/></g><circle cx="60" cy="145" r="7.5" fill="#7c3f4f"/><circle cx="48" cy="146" r="6.5" fill="#91526a"/><circle cx="54" cy="136" r="6.5" fill="#a4667c"/><path d="M54 130c0-6 4-9 8-10" stroke="{deep}" stroke-width="2" fill="none" stroke-linecap="round"/>"##
    )
}

fn towel(
    Shades {
        main, light, dark, ..
    }: &Shades,
) -> String {
    format!(
        r##"<path d="M40 38h160" stroke="#a87743" stroke-width="7" stroke-linecap="round"/><circle cx="40" cy="38" r="7" fill="#7a4b2c"/><circle cx="200" cy="38" r="7" fill="#7a4b2c"/><path d="M84 44h84v94H84Z" fill="#3a2a20" opacity=".1" transform="translate(5 6)"/><path d="M98 38h62v82H98Z" fill="#e2d3bf"/><path d="M98 104h62v5H98Z" fill="{dark}"/><path d="M78 34h84v108H78Z" fill="#fbf5ea"/><path d="M78 34h84v8H78Z" fill="#efe3d0"/><path d="M142 42h20v100h-20Z" fill="#efe3d0" opacity=".75"/><path d="M86 42h5v100h-5ZM149 42h5v100h-5Z" fill="{light}" opacity=".8"/><path d="M78 108h84v10H78Z" fill="{main}"/><path d="M78 122h84v3H78ZM78 101h84v3H78Z" fill="{light}"/><path d="M80 142v7M87 142v7M94 142v7M101 142v7M108 142v7M115 142v7M122 142v7M129 142v7M136 142v7M143 142v7M150 142v7M157 142v7" stroke="#d9c8ae" stroke-width="2.5" stroke-linecap="round"/><path d="M112 44c-2 18 2 34-1 54" stroke="#e2d3bf" stroke-width="2.5" fill="none" stroke-linecap="round"/>"##
    )
}

fn apron(
    Shades {
        main,
        light,
        pale,
        dark,
        deep,
    }: &Shades,
) -> String {
    format!(
        r##"<circle cx="120" cy="18" r="6" fill="#7a4b2c"/><path d="M100 48c0-34 10-34 20-31 10-3 20-3 20 31" fill="none" stroke="{dark}" stroke-width="5"/><path d="M98 46h44l8 34c15 4 24 12 24 22v56H66v-56c0-10 9-18 24-22Z" fill="#3a2a20" opacity=".1" transform="translate(5 6)"/><path d="M72 100c-16 4-24 16-22 34M168 100c16 4 24 16 22 34" stroke="{dark}" stroke-width="4" fill="none" stroke-linecap="round"/><path d="M98 46h44l8 34c15 4 24 12 24 22v56H66v-56c0-10 9-18 24-22Z" fill="{main}"/><path d="M134 46h8l8 34c15 4 24 12 24 22v56h-22c4-40-2-80-18-112Z" fill="{dark}" opacity=".7"/><path d="M98 46h44l1 6H97Z" fill="{light}"/><rect x="92" y="102" width="56" height="32" rx="4" fill="{light}"/><path d="M92 108h56M120 108v26" stroke="{dark}" stroke-width="1.8" stroke-dasharray="4 3"/><path d="M76 106c2-7 8-12 16-14" stroke="{pale}" stroke-width="3" fill="none" stroke-linecap="round"/><g fill="{deep}"><circle cx="103" cy="56" r="2"/><circle cx="137" cy="56" r="2"/></g><path d="M128 104V88c0-6 8-6 8 0v16" fill="none" stroke="#b9804a" stroke-width="4" stroke-linecap="round"/>"##
    )
}
