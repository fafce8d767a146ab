//! The forms that send something: the contact form and the basket.

use std::collections::HashMap;

use axum::extract::{Form, Query};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::cookies;
use super::goods::Product;
use super::layout::{Page, escape};

const BASKET: &str = "basket";
/// Enough to practise with, and well below what a cookie may hold.
const BASKET_SIZE: usize = 20;

#[derive(serde::Deserialize)]
pub struct Message {
    #[serde(default)]
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    topic: String,
    #[serde(default)]
    message: String,
}

#[derive(serde::Deserialize)]
pub struct Choice {
    product: String,
}

pub async fn form(Query(query): Query<HashMap<String, String>>) -> Page {
    let about = query
        .get("about")
        .and_then(|slug| Product::find(slug))
        .map(|product| format!("About the {}: ", product.name))
        .unwrap_or_default();
    let body = format!(
        r#"<section class="narrow"><h1>Write to us</h1><p class="lead">A person reads this and answers within a day. This being a sample shop, the page only shows you what arrived.</p>
<form class="fields panel" method="post" action="/contact">
<label>Name<input name="name" autocomplete="name" required></label>
<label>Email<input name="email" type="email" autocomplete="email" required></label>
<label>Topic<select name="topic"><option>An order</option><option>A repair</option><option>Trade</option><option>Something else</option></select></label>
<label>Message<textarea name="message" rows="6" required>{}</textarea></label>
<button class="button" type="submit">Send message</button></form></section>"#,
        escape(&about)
    );
    Page::new("Contact", body)
}

pub async fn send(Form(message): Form<Message>) -> Page {
    let body = format!(
        r#"<section class="narrow"><h1>Thank you, {name}</h1><p class="done" role="status">Your message has arrived.</p>
<dl class="sent panel"><dt>Name</dt><dd class="sent-name">{name}</dd><dt>Email</dt><dd class="sent-email">{email}</dd><dt>Topic</dt><dd class="sent-topic">{topic}</dd><dt>Message</dt><dd class="sent-message">{text}</dd></dl>
<a class="button quiet" href="/contact">Write another</a></section>"#,
        name = escape(&message.name),
        email = escape(&message.email),
        topic = escape(&message.topic),
        text = escape(&message.message),
    );
    Page::new("Message sent", body)
}

pub async fn add_to_basket(headers: HeaderMap, Form(choice): Form<Choice>) -> Response {
    let Some(product) = Product::find(&choice.product) else {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    };
    let mut slugs: Vec<&str> = chosen(&headers).map(|product| product.slug).collect();
    slugs.push(product.slug);
    slugs.truncate(BASKET_SIZE);
    let cookie = format!("{BASKET}={}; Path=/; SameSite=Lax", slugs.join("."));
    ([(header::SET_COOKIE, cookie)], Redirect::to("/basket")).into_response()
}

pub async fn basket(headers: HeaderMap) -> Page {
    let products: Vec<&Product> = chosen(&headers).collect();
    if products.is_empty() {
        return Page::new(
            "Basket",
            r#"<section class="narrow"><h1>Your basket</h1><p class="lead">Nothing in it yet.</p><a class="button" href="/shop">Look around</a></section>"#,
        );
    }
    let rows: String = products
        .iter()
        .map(|product| {
            format!(
                r#"<tr class="item"><td><a href="{}">{}</a></td><td>{}</td><td class="number">{}</td></tr>"#,
                product.address(),
                escape(product.name),
                product.code,
                product.price()
            )
        })
        .collect();
    let pence: u32 = products.iter().map(|product| product.pence).sum();
    let body = format!(
        r#"<section class="narrow"><h1>Your basket</h1><table class="list"><thead><tr><th>Product</th><th>Code</th><th class="number">Price</th></tr></thead><tbody>{rows}</tbody><tfoot><tr><td colspan="2">Total</td><td class="number price total">£{}.{:02}</td></tr></tfoot></table><p class="hint">This is a sample shop: the way ends here, and nothing is charged.</p><a class="button quiet" href="/shop">Look around</a></section>"#,
        pence / 100,
        pence % 100
    );
    Page::new("Basket", body)
}

fn chosen(headers: &HeaderMap) -> impl Iterator<Item = &'static Product> {
    cookies::read(headers, BASKET)
        .unwrap_or_default()
        .split('.')
        .filter_map(Product::find)
}
