//! The login wall. One customer exists: `guest`, with the password `kettle`.

use axum::extract::Form;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::cookies;
use super::layout::{Page, escape};

const USER: &str = "guest";
const PASSWORD: &str = "kettle";
const COOKIE: &str = "session";
/// There is one customer with nothing to hide, so one fixed value tells that someone logged in.
const SESSION: &str = "guest-of-the-house";

#[derive(serde::Deserialize)]
pub struct Login {
    #[serde(default)]
    user: String,
    #[serde(default)]
    password: String,
}

pub async fn form(headers: HeaderMap) -> Response {
    if is_logged_in(&headers) {
        return Redirect::to("/account/orders").into_response();
    }
    login_page("", "").into_response()
}

pub async fn log_in(Form(login): Form<Login>) -> Response {
    if login.user != USER || login.password != PASSWORD {
        let error = r#"<p class="alert error" role="alert">That user name and password do not belong together.</p>"#;
        return login_page(error, &login.user).with_status(StatusCode::UNAUTHORIZED);
    }
    let cookie = format!("{COOKIE}={SESSION}; Path=/; HttpOnly; SameSite=Lax");
    (
        [(header::SET_COOKIE, cookie)],
        Redirect::to("/account/orders"),
    )
        .into_response()
}

pub async fn log_out() -> Response {
    let cookie = format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    ([(header::SET_COOKIE, cookie)], Redirect::to("/account")).into_response()
}

pub async fn orders(headers: HeaderMap) -> Response {
    if !is_logged_in(&headers) {
        return Redirect::to("/account").into_response();
    }
    const ORDERS: [(&str, &str, &str, &str, &str); 5] = [
        (
            "KO-90412",
            "3 November 2025",
            "Cast-iron kettle 1.2 L",
            "£64.00",
            "On its way",
        ),
        (
            "KO-90177",
            "12 October 2025",
            "Linen tea towel, 4 pieces",
            "£36.00",
            "Delivered",
        ),
        (
            "KO-89520",
            "28 August 2025",
            "Chef’s knife 20 cm",
            "£89.00",
            "Delivered",
        ),
        (
            "KO-88931",
            "2 July 2025",
            "Stoneware mug, 2 pieces",
            "£32.00",
            "Delivered",
        ),
        (
            "KO-87004",
            "19 March 2025",
            "Oak serving board",
            "£36.50",
            "Mended and sent back",
        ),
    ];
    let rows: String = ORDERS
        .iter()
        .map(|(number, day, what, total, state)| {
            format!(
                r#"<tr class="order"><td class="order-number">{number}</td><td>{day}</td><td>{what}</td><td class="number price">{total}</td><td>{state}</td></tr>"#
            )
        })
        .collect();
    let body = format!(
        r#"<section class="wide"><h1>Your orders</h1><p class="lead">Welcome back, {USER}.</p><table class="list orders"><thead><tr><th>Order</th><th>Date</th><th>What</th><th class="number">Total</th><th>State</th></tr></thead><tbody>{rows}</tbody></table><form method="post" action="/account/logout"><button class="button quiet" type="submit">Log out</button></form></section>"#
    );
    Page::new("Your orders", body).into_response()
}

fn is_logged_in(headers: &HeaderMap) -> bool {
    cookies::read(headers, COOKIE) == Some(SESSION)
}

fn login_page(error: &str, user: &str) -> Page {
    let body = format!(
        r#"<section class="narrow" style="max-width:520px"><div class="panel"><h1>Log in</h1><p class="lead">Log in to see your orders.</p>{error}
<form class="fields" method="post" action="/account/login">
<label>User name<input name="user" autocomplete="username" value="{}" required></label>
<label>Password<input name="password" type="password" autocomplete="current-password" required></label>
<button class="button" type="submit">Log in</button></form>
<p class="hint" style="margin:20px 0 0">To practise: user name <b>{USER}</b>, password <b>{PASSWORD}</b>.</p></div></section>"#,
        escape(user)
    );
    Page::new("Log in", body)
}
