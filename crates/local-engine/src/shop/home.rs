//! The shop's home page.

use super::drawing;
use super::forms::Form;
use super::goods::{Department, GOODS, Product};
use super::layout::{Page, cards, escape};

pub async fn show() -> Page {
    let body = format!(
        r#"<section class="hero"><div><h1>Good tools for a warm kitchen</h1><p class="lead">Kettles, knives, boards and linen, made to be used every day and mended when they need it.</p><a class="button" href="/shop">Shop all 24 things</a></div>{shelf}</section>
<section class="facts"><p><b>Free delivery over £50</b>In two working days</p><p><b>60-day returns</b>Used once or twice is fine</p><p><b>Mended for life</b>Handles, hinges and edges</p></section>
<section class="wide"><div class="heading"><h2 class="big">Best sellers</h2><a href="/shop">See everything</a></div>{best}</section>
<section class="wide" style="padding-top:0"><h2 class="big" style="margin-bottom:22px">Shop by department</h2><div class="tiles">{tiles}</div></section>
<section class="story"><div><h2 class="big">One plank, one board</h2><p class="lead">Every oak board begins as one plank from a storm-felled tree. It is planed by hand, oiled twice, and signed on the back by the person who made it.</p><a class="button quiet" href="/shop/oak-serving-board">See the board</a></div>{board}</section>"#,
        shelf = shelf(),
        best = cards(&GOODS[..4]),
        tiles = Department::ALL.into_iter().map(tile).collect::<String>(),
        board = picture("oak-serving-board"),
    );
    Page::new("Good tools for a warm kitchen", body)
        .described("Kettles, knives, boards and linen for every day. A sample shop to practise on.")
}

fn tile(department: Department) -> String {
    let shown = match department {
        Department::Tea => "enamel-kettle",
        Department::Cooking => "copper-pan",
        Department::Table => "salad-bowl",
        Department::Linen => "striped-kitchen-towel",
    };
    format!(
        r#"<a class="tile" href="{}">{}<span>{}</span></a>"#,
        department.address(),
        picture(shown),
        escape(department.label())
    )
}

fn picture(slug: &str) -> String {
    Product::find(slug).map(drawing::inline).unwrap_or_default()
}

/// Two oak shelves in morning light, set with what the shop sells.
fn shelf() -> String {
    let upper = [
        (Form::Jug, 0x5f_7d86, 8),
        (Form::Mug, 0x56_795f, 150),
        (Form::Cup, 0xb8_603c, 268),
        (Form::Grinder, 0x8a_5a35, 400),
    ];
    let lower = [
        (Form::Board, 0xc0_8a4e, 0),
        (Form::Kettle, 0x45_494c, 172),
        (Form::Bowl, 0xd2_a24c, 372),
    ];
    let row = |things: &[(Form, u32, i32)], floor: i32| -> String {
        things
            .iter()
            .map(|&(form, colour, left)| {
                format!(
                    r##"<g transform="translate({left} {})"><ellipse cx="120" cy="153" rx="70" ry="5" fill="#3a2a20" opacity=".16"/>{}</g>"##,
                    floor - 152,
                    drawing::form(form, colour)
                )
            })
            .collect()
    };
    format!(
        r##"<svg viewBox="0 0 680 460" preserveAspectRatio="xMidYMid slice" role="img" aria-label="Shelves with kitchen things in morning light"><path d="M0 0h680v460H0Z" fill="#ecd8c0"/><path d="M300 0h180L250 460H40Z" fill="#f6e8d4" opacity=".8"/><path d="M540 0h90L420 460H310Z" fill="#f6e8d4" opacity=".8"/><path d="M34 204h612v12H34Z" fill="#b9804a"/><path d="M34 216h612v5H34Z" fill="#8e5d31"/><path d="M34 221h612v12H34Z" fill="#3a2a20" opacity=".08"/><path d="M34 416h612v12H34Z" fill="#b9804a"/><path d="M34 428h612v5H34Z" fill="#8e5d31"/><path d="M34 433h612v12H34Z" fill="#3a2a20" opacity=".08"/>{}{}</svg>"##,
        row(&upper, 204),
        row(&lower, 416)
    )
}
