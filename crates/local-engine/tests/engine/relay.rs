//! Proxies on loopback that note what they are asked for: one speaks HTTP, one SOCKS5.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

pub const LOGIN: &str = "me:p%40ss";
const PLAIN_LOGIN: &str = "me:p@ss";

pub struct Relay {
    pub addr: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Relay {
    /// Asks for [`LOGIN`] and opens tunnels.
    pub async fn http() -> Self {
        Self::open(|stream, asked| Box::pin(http(stream, asked))).await
    }

    /// Asks for [`LOGIN`] and connects.
    pub async fn socks() -> Self {
        Self::open(|stream, asked| Box::pin(socks(stream, asked))).await
    }

    async fn open(serve: fn(TcpStream, Asked) -> Serving) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let addr = listener.local_addr().expect("its address");
        let asked = Asked::default();
        let noted = asked.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, noted.clone()));
            }
        });
        Self { addr, asked }
    }

    /// What was asked for until now, refused log-ins included.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("not poisoned").clone()
    }
}

type Asked = Arc<Mutex<Vec<String>>>;
type Serving = std::pin::Pin<Box<dyn Future<Output = Option<()>> + Send>>;

fn note(asked: &Asked, what: String) {
    asked.lock().expect("not poisoned").push(what);
}

async fn http(stream: TcpStream, asked: Asked) -> Option<()> {
    let mut near = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if near.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        head.push(line.trim_end().to_owned());
    }
    let login = format!("Basic {}", BASE64.encode(PLAIN_LOGIN));
    let is_in = head.iter().any(|line| {
        line.split_once(": ").is_some_and(|(name, value)| {
            name.eq_ignore_ascii_case("proxy-authorization") && value == login
        })
    });
    if !is_in {
        note(&asked, "wrong login".into());
        let refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
        return near.write_all(refusal).await.ok();
    }
    let mut words = head.first()?.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    note(&asked, format!("{method} {target}"));
    let Ok(mut far) = TcpStream::connect(target).await else {
        let refusal = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";
        return near.write_all(refusal).await.ok();
    };
    near.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
        .await
        .ok()?;
    tokio::io::copy_bidirectional(&mut near, &mut far)
        .await
        .ok()
        .map(drop)
}

async fn socks(mut near: TcpStream, asked: Asked) -> Option<()> {
    let mut greeting = [0; 2];
    near.read_exact(&mut greeting).await.ok()?;
    let mut methods = vec![0; greeting[1].into()];
    near.read_exact(&mut methods).await.ok()?;
    if !methods.contains(&2) {
        note(&asked, "wrong login".into());
        return near.write_all(&[5, 0xff]).await.ok();
    }
    near.write_all(&[5, 2]).await.ok()?;
    near.read_u8().await.ok()?;
    let mut login = Vec::new();
    for separator in [":", ""] {
        let mut part = vec![0; near.read_u8().await.ok()?.into()];
        near.read_exact(&mut part).await.ok()?;
        login.extend(part);
        login.extend(separator.bytes());
    }
    if login != PLAIN_LOGIN.as_bytes() {
        note(&asked, "wrong login".into());
        return near.write_all(&[1, 1]).await.ok();
    }
    near.write_all(&[1, 0]).await.ok()?;
    let mut request = [0; 4];
    near.read_exact(&mut request).await.ok()?;
    if request[3] != 1 {
        note(&asked, format!("an address of type {}", request[3]));
        return None;
    }
    let ip = Ipv4Addr::from_bits(near.read_u32().await.ok()?);
    let target = SocketAddr::from((ip, near.read_u16().await.ok()?));
    note(&asked, format!("SOCKS {target}"));
    let answer = |status| [5, status, 0, 1, 0, 0, 0, 0, 0, 0];
    let Ok(mut far) = TcpStream::connect(target).await else {
        return near.write_all(&answer(5)).await.ok();
    };
    near.write_all(&answer(0)).await.ok()?;
    tokio::io::copy_bidirectional(&mut near, &mut far)
        .await
        .ok()
        .map(drop)
}
