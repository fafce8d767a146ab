//! A visitor of the shop: asks for addresses and reads what comes.

use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use scraper::{Html, Selector};

pub struct Shop {
    pub url: String,
    client: Client,
}

impl Shop {
    pub async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, local_engine::shop::router()).await });
        let client = Client::builder()
            .no_proxy()
            .redirect(Policy::none())
            .build()
            .unwrap();
        Self { url, client }
    }

    pub async fn get(&self, address: &str) -> Response {
        let url = format!("{}{address}", self.url);
        self.client.get(url).send().await.unwrap()
    }

    pub async fn text(&self, address: &str) -> String {
        self.get(address).await.text().await.unwrap()
    }

    pub async fn bytes(&self, address: &str) -> Vec<u8> {
        self.get(address).await.bytes().await.unwrap().to_vec()
    }

    pub async fn post(&self, address: &str, form: &[(&str, &str)]) -> Response {
        let url = format!("{}{address}", self.url);
        self.client.post(url).form(form).send().await.unwrap()
    }

    pub async fn get_with_cookie(&self, address: &str, cookie: &str) -> Response {
        let url = format!("{}{address}", self.url);
        let request = self.client.get(url).header("cookie", cookie);
        request.send().await.unwrap()
    }
}

pub fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

pub fn texts(html: &str, selector: &str) -> Vec<String> {
    Html::parse_document(html)
        .select(&Selector::parse(selector).unwrap())
        .map(|node| node.text().collect::<String>().trim().to_owned())
        .collect()
}

pub fn attributes(html: &str, selector: &str, name: &str) -> Vec<String> {
    Html::parse_document(html)
        .select(&Selector::parse(selector).unwrap())
        .filter_map(|node| node.value().attr(name).map(str::to_owned))
        .collect()
}
