//! A website on loopback, with pages that go wrong in known ways.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{any, get};
use tokio::net::TcpListener;

pub struct Site {
    pub addr: SocketAddr,
    visits: Arc<AtomicUsize>,
}

impl Site {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let addr = listener.local_addr().expect("its address");
        let visits = Arc::new(AtomicUsize::new(0));
        tokio::spawn(axum::serve(listener, routes(visits.clone())).into_future());
        Self { addr, visits }
    }

    pub fn host(&self) -> String {
        self.addr.to_string()
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    pub fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }
}

fn routes(visits: Arc<AtomicUsize>) -> Router {
    Router::new()
        .route("/echo", any(echo))
        .route("/page", get(page))
        .route("/drawn", get(drawn))
        .route("/status/{code}", get(status))
        .route("/blocked-once", get(blocked_once))
        .route("/captcha", get(captcha))
        .route("/to/{*target}", any(to))
        .route("/again/{*target}", any(again))
        .route("/circle", get(async || Redirect::to("/circle")))
        .route("/set-and-go", get(set_and_go))
        .route("/charset/{name}", get(charset))
        .route("/packed/{how}", get(packed))
        .route("/bomb", get(bomb))
        .route("/endless", get(endless))
        .route("/stuck", get(stuck))
        .route("/file/{name}", get(file))
        .layer(axum::middleware::map_response_with_state(
            visits.clone(),
            count,
        ))
        .with_state(visits)
}

async fn count(State(visits): State<Arc<AtomicUsize>>, response: Response) -> Response {
    visits.fetch_add(1, Ordering::SeqCst);
    response
}

fn html(text: impl Into<Body>) -> Response {
    ([(header::CONTENT_TYPE, "text/html")], text.into()).into_response()
}

async fn echo(method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let mut text = format!("{method} {uri}\n");
    for (name, value) in &headers {
        text += &format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()));
    }
    text += &format!("\n{}", String::from_utf8_lossy(&body));
    ([(header::CONTENT_TYPE, "text/plain")], text).into_response()
}

async fn page() -> Response {
    html(
        "<title>Shop</title><h1>Blue <b>kettle</b></h1><a href='/buy?a=1'>Buy</a>\
         <ul><li class=price>$1<li class=price>$2</ul><script>var hidden</script>",
    )
}

async fn drawn() -> Response {
    html(
        "<title>App</title><div id=root></div><script>fetch('/file/data.json?page=1')\
         .then(answer => answer.json()).then(data => { document.querySelector('#root').innerHTML = \
         '<h1>' + 'word '.repeat(100) + data.a + '</h1>'; })</script>",
    )
}

async fn status(Path(code): Path<u16>) -> Response {
    let status = StatusCode::from_u16(code).expect("a status");
    (
        status,
        [(header::CONTENT_TYPE, "text/html")],
        "<p>What the site says about it</p>",
    )
        .into_response()
}

async fn blocked_once(State(visits): State<Arc<AtomicUsize>>) -> Response {
    if visits.load(Ordering::SeqCst) == 0 {
        return (StatusCode::FORBIDDEN, "no").into_response();
    }
    html("<p>Welcome back</p>")
}

async fn captcha() -> Response {
    let mut response = html("<h1>Just a moment</h1><div class=cf-turnstile></div>");
    *response.status_mut() = StatusCode::FORBIDDEN;
    response
}

async fn to(Path(target): Path<String>) -> Response {
    (StatusCode::FOUND, [(header::LOCATION, target)]).into_response()
}

async fn again(Path(target): Path<String>) -> Response {
    (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, target)]).into_response()
}

async fn set_and_go() -> Response {
    let mut response = Redirect::to("/echo").into_response();
    let cookies = response.headers_mut();
    cookies.append(
        header::SET_COOKIE,
        HeaderValue::from_static("session=abc; Path=/; HttpOnly"),
    );
    cookies.append(
        header::SET_COOKIE,
        HeaderValue::from_static("elsewhere=1; Path=/other"),
    );
    response
}

async fn charset(Path(name): Path<String>) -> Response {
    let (mime, bytes): (&str, Vec<u8>) = match name.as_str() {
        "latin1-header" => ("text/html; charset=ISO-8859-1", b"<p>caf\xe9 \x80 end".to_vec()),
        "windows1251-meta" => ("text/html", b"<meta charset=windows-1251><p>\xcf\xf0\xe8\xe2\xe5\xf2".to_vec()),
        "sjis-http-equiv" => (
            "text/html",
            b"<meta http-equiv='Content-Type' content='text/html; charset=Shift_JIS'><p>\x93\xfa\x96\x7b".to_vec(),
        ),
        "sjis-guessed" => ("text/html", encoded(encoding_rs::SHIFT_JIS, &"<p>日本語のページです。商品の一覧を見る。".repeat(20))),
        "utf8-bom" => ("text/html; charset=windows-1252", "\u{feff}<p>žluťoučký".into()),
        "utf16-bom" => (
            "text/html",
            [0xff, 0xfe].into_iter().chain("<p>žluťoučký".encode_utf16().flat_map(u16::to_le_bytes)).collect(),
        ),
        "utf8-unlabelled" => ("text/html", "<p>žluťoučký".into()),
        "lies" => ("text/html; charset=nonsense", "<p>žluťoučký".into()),
        other => panic!("no charset {other}"),
    };
    ([(header::CONTENT_TYPE, mime)], bytes).into_response()
}

fn encoded(encoding: &'static encoding_rs::Encoding, text: &str) -> Vec<u8> {
    encoding.encode(text).0.into_owned()
}

async fn packed(Path(how): Path<String>) -> Response {
    let text = format!("<p>unpacked by {how}</p>");
    let text = text.as_bytes();
    let level = flate2::Compression::default();
    let bytes = match how.as_str() {
        "gzip" => {
            let mut gzip = flate2::write::GzEncoder::new(Vec::new(), level);
            gzip.write_all(text).expect("packs");
            gzip.finish().expect("packs")
        }
        "deflate" => {
            let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), level);
            zlib.write_all(text).expect("packs");
            zlib.finish().expect("packs")
        }
        "br" => {
            let mut bytes = Vec::new();
            brotli::CompressorWriter::new(&mut bytes, 4096, 5, 20)
                .write_all(text)
                .expect("packs");
            bytes
        }
        "zstd" => zstd::encode_all(text, 3).expect("packs"),
        other => panic!("no packing {other}"),
    };
    (
        [
            (header::CONTENT_TYPE, "text/html".to_owned()),
            (header::CONTENT_ENCODING, how),
        ],
        bytes,
    )
        .into_response()
}

/// 200 MB of nothing in a few kilobytes.
async fn bomb() -> Response {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![b' '; 1024 * 1024];
    for _ in 0..200 {
        gzip.write_all(&zeros).expect("packs");
    }
    let bytes = gzip.finish().expect("packs");
    (
        [
            (header::CONTENT_TYPE, "text/html"),
            (header::CONTENT_ENCODING, "gzip"),
        ],
        bytes,
    )
        .into_response()
}

async fn endless() -> Response {
    let chunk = Bytes::from(vec![b'x'; 256 * 1024]);
    html(Body::from_stream(futures::stream::repeat_with(move || {
        Ok::<_, std::io::Error>(chunk.clone())
    })))
}

async fn stuck() -> Response {
    html(Body::from_stream(futures::stream::pending::<
        Result<Bytes, std::io::Error>,
    >()))
}

async fn file(Path(name): Path<String>) -> Response {
    let (mime, bytes): (Option<&str>, &[u8]) = match name.as_str() {
        "a.pdf" => (Some("application/pdf"), b"%PDF-1.4\n%\xff\xff"),
        "lies.html" => (Some("text/html"), b"%PDF-1.4\n%\xff\xff"),
        "nameless" => (None, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        "data.bin" => (Some("application/octet-stream"), b"\0\x01\x02\x03"),
        "data.json" => (Some("application/json"), b"{\"a\": 1}"),
        "pic.svg" => (
            Some("image/svg+xml"),
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        ),
        "latin1.csv" => (Some("text/csv; charset=iso-8859-1"), b"caf\xe9;1\n"),
        "empty.zip" => (Some("application/zip"), b""),
        other => panic!("no file {other}"),
    };
    let mut response = bytes.to_vec().into_response();
    response.headers_mut().remove(header::CONTENT_TYPE);
    if let Some(mime) = mime {
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, mime.parse().expect("a MIME type"));
    }
    response
}
