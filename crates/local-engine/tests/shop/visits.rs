//! What visitors send: messages, searches, baskets, logins, and the cookie of the checkpoint.

use reqwest::StatusCode;

use crate::visitor::{Shop, attributes, header, texts};

#[tokio::test]
async fn what_visitors_send_is_shown_back_as_text() {
    let shop = Shop::open().await;
    let nasty = r#"<script>alert("1")</script>&'"#;
    let form = [
        ("name", nasty),
        ("email", "a@b.example"),
        ("topic", "Trade"),
        ("message", nasty),
    ];
    let sent = shop.post("/contact", &form).await;
    assert_eq!(sent.status(), StatusCode::OK);
    let html = sent.text().await.unwrap();
    assert!(
        !html.contains("<script"),
        "markup sent to the contact form must not come back as markup"
    );
    assert_eq!(texts(&html, ".sent-message"), [nasty], "it is shown");

    let found = shop.text("/search?q=%3Cscript%3E%22").await;
    assert!(
        !found.contains("<script"),
        "markup searched for must not come back as markup"
    );
    assert_eq!(
        attributes(&found, r#".bar input[name="q"]"#, "value"),
        [r#"<script>""#],
        "the search is kept, as text"
    );
}

#[tokio::test]
async fn search_ignores_case_and_needs_words() {
    let shop = Shop::open().await;
    let oak = shop.text("/search?q=OAK").await;
    let names = texts(&oak, ".card .name");
    assert!(
        names.contains(&"Oak serving board".into()),
        "found {names:?}"
    );
    assert!(names.len() < 24, "not everything is oak");
    for address in ["/search", "/search?q=+", "/search?q=anvil"] {
        let html = shop.text(address).await;
        assert!(texts(&html, ".card").is_empty(), "{address} finds nothing");
    }
}

#[tokio::test]
async fn the_basket_adds_up() {
    let shop = Shop::open().await;
    let added = shop
        .post("/basket/add", &[("product", "cast-iron-kettle")])
        .await;
    assert_eq!(added.status(), StatusCode::SEE_OTHER);
    assert!(header(&added, "set-cookie").starts_with("basket=cast-iron-kettle;"));
    let unknown = shop.post("/basket/add", &[("product", "anvil")]).await;
    assert_eq!(unknown.status(), StatusCode::UNPROCESSABLE_ENTITY);

    let cookie = "basket=cast-iron-kettle.tea-strainer.anvil";
    let basket = shop.get_with_cookie("/basket", cookie).await;
    let html = basket.text().await.unwrap();
    assert_eq!(texts(&html, ".item").len(), 2, "only what the shop sells");
    assert_eq!(texts(&html, ".total"), ["£71.50"]);
}

#[tokio::test]
async fn orders_are_behind_the_login() {
    let shop = Shop::open().await;
    let turned_away = shop.get("/account/orders").await;
    assert_eq!(header(&turned_away, "location"), "/account", "no login");
    let login = shop.text("/account").await;
    assert_eq!(
        attributes(&login, r#"input[type="password"]"#, "name"),
        ["password"],
        "the wall is a login form"
    );

    let wrong = [("user", "<b>"), ("password", "teapot")];
    let wrong = shop.post("/account/login", &wrong).await;
    assert_eq!(wrong.status(), StatusCode::UNAUTHORIZED);
    assert!(header(&wrong, "set-cookie").is_empty(), "no way in");
    let html = wrong.text().await.unwrap();
    assert_eq!(texts(&html, ".error").len(), 1, "the error is said");
    assert_eq!(
        attributes(&html, r#"input[name="user"]"#, "value"),
        ["<b>"],
        "the name is kept, as text"
    );

    let right = [("user", "guest"), ("password", "kettle")];
    let right = shop.post("/account/login", &right).await;
    assert_eq!(header(&right, "location"), "/account/orders");
    let cookie = header(&right, "set-cookie").split(';').next().unwrap();
    let orders = shop.get_with_cookie("/account/orders", cookie).await;
    assert_eq!(orders.status(), StatusCode::OK);
    assert_eq!(texts(&orders.text().await.unwrap(), ".order").len(), 5);

    let forged = shop
        .get_with_cookie("/account/orders", "session=someone")
        .await;
    assert_eq!(header(&forged, "location"), "/account", "a forged cookie");
}

#[tokio::test]
async fn the_checkpoint_lets_pass_only_what_ran_its_script() {
    let shop = Shop::open().await;
    let closed = shop.text("/checkpoint").await;
    assert!(closed.contains("Verify you are human"));
    assert!(!closed.contains("<script"), "this one never opens");
    let asking = shop.text("/checkpoint?browser=1").await;
    assert!(
        asking.contains(r#"document.cookie = "checkpoint=passed;"#),
        "the script sets the cookie"
    );

    let cookie = "checkpoint=passed";
    let still_closed = shop.get_with_cookie("/checkpoint", cookie).await;
    assert_eq!(still_closed.status(), StatusCode::FORBIDDEN);
    let open = shop.get_with_cookie("/checkpoint?browser=1", cookie).await;
    assert_eq!(open.status(), StatusCode::OK);
    let html = open.text().await.unwrap();
    assert_eq!(texts(&html, "h1"), ["Members’ offers"]);
    assert_eq!(texts(&html, "a.card").len(), 4, "offers");
}
