use std::collections::HashMap;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::pin::Pin;
use std::sync::Mutex;

use proptest::prelude::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// Answers from a list; each name's answers are given in turn, the last one for ever.
struct Scripted(Mutex<HashMap<&'static str, Vec<&'static str>>>);

impl Resolve for Scripted {
    fn resolve<'a>(
        &'a self,
        host: &'a str,
    ) -> Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send + 'a>> {
        let mut answers = self.0.lock().expect("not poisoned");
        let found = answers.get_mut(host).map(|turns| {
            if turns.len() > 1 {
                turns.remove(0)
            } else {
                turns[0]
            }
        });
        let addresses = found
            .unwrap_or_default()
            .split_whitespace()
            .map(|ip| ip.parse().expect("an address"))
            .collect();
        Box::pin(async move { Ok(addresses) })
    }
}

fn guard(allowed: &[&str]) -> Guard {
    let names = HashMap::from([
        ("public.example", vec!["93.184.216.34"]),
        ("inside.example", vec!["10.0.0.7"]),
        ("both.example", vec!["93.184.216.34 127.0.0.1"]),
        ("sixth.example", vec!["fd00::1"]),
        ("turns.example", vec!["93.184.216.34", "127.0.0.1"]),
        ("loop.example", vec!["127.0.0.1"]),
    ]);
    let allowed: Vec<String> = allowed.iter().map(|host| (*host).to_owned()).collect();
    let shop = SocketAddr::from(([127, 0, 0, 1], 4_567));
    Guard::with_resolver(shop, &allowed, Arc::new(Scripted(Mutex::new(names))))
}

async fn reason(guard: &Guard, url: &str) -> &'static str {
    match guard.admit(&Url::parse(url).expect(url)).await {
        Ok(_) => "admitted",
        Err(PageError::Refused { reason, .. }) => reason,
        Err(PageError::Dns { .. }) => "dns_failed",
        Err(other) => panic!("{url}: {other}"),
    }
}

#[tokio::test]
async fn addresses_of_this_computer_and_its_network_are_refused_however_written() {
    let guard = guard(&[]);
    let private = [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.0.1./",
        "http://0/",
        "http://0.0.0.0/",
        "http://10.1.2.3/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://168.63.129.16/",
        "http://100.100.100.200/",
        "http://172.16.0.1/",
        "http://172.31.255.255/",
        "http://192.168.1.1/",
        "http://192.0.0.192/",
        "http://198.18.0.1/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://[::]/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[::127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[64:ff9b::10.0.0.1]/",
        "http://[64:ff9b:1::1]/",
        "http://[2002:7f00:1::]/",
        "http://[2002:c0a8:101::1]/",
        "http://[fe80::1]/",
        "http://[fec0::1]/",
        "http://[fc00::1]/",
        "http://[fd00:ec2::254]/",
        "http://[ff02::1]/",
        "http://[2001::1]/",
        "http://[2001:db8::1]/",
        "http://[2a00:1450::5efe:127.0.0.1]/",
        "http://user:pass@127.0.0.1/",
        "http://①②⑦.0.0.1/",
        "http://inside.example/",
        "http://both.example/",
        "http://sixth.example/",
    ];
    for url in private {
        assert_eq!(reason(&guard, url).await, "private_ip", "{url}");
    }
    let names = [
        "http://localhost/",
        "http://LOCALHOST./",
        "http://a.localhost/",
        "http://printer.local/",
        "http://metadata.google.internal/",
        "http://host.docker.internal/",
        "http://router.lan/",
        "http://nas.home.arpa/",
        "http://%6c%6f%63alhost/",
    ];
    for url in names {
        assert_eq!(reason(&guard, url).await, "blocked_hostname", "{url}");
    }
    assert_eq!(
        reason(&guard, "http://nowhere.example/").await,
        "dns_failed"
    );
}

#[tokio::test]
async fn web_ports_and_web_schemes_only() {
    let guard = guard(&[]);
    for url in [
        "http://public.example/",
        "https://public.example/",
        "http://public.example:8080/",
        "https://public.example:8443/",
        "https://[2606:4700::1111]/",
    ] {
        assert_eq!(reason(&guard, url).await, "admitted", "{url}");
    }
    for url in [
        "http://public.example:22/",
        "http://public.example:6379/",
        "http://public.example:0/",
    ] {
        assert_eq!(reason(&guard, url).await, "invalid_port", "{url}");
    }
    for url in [
        "ftp://public.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "gopher://public.example/",
        "data:text/html,x",
        "ws://public.example/",
    ] {
        assert_eq!(reason(&guard, url).await, "invalid_protocol", "{url}");
    }
}

#[tokio::test]
async fn the_addresses_that_were_judged_are_the_ones_to_dial() {
    let guard = guard(&[]);
    let url = Url::parse("http://turns.example/").expect("an address");
    let first = guard.admit(&url).await.expect("public at first");
    assert_eq!(
        first,
        ["93.184.216.34:80".parse().expect("an address")],
        "dialled without asking the name again"
    );
    assert_eq!(
        reason(&guard, url.as_str()).await,
        "private_ip",
        "the name's second answer is judged anew"
    );
}

#[tokio::test]
async fn the_sample_shop_is_at_its_one_address() {
    let guard = guard(&[]);
    let admitted = guard
        .admit(&Url::parse("http://SAMPLE.shop./x").expect("an address"))
        .await;
    assert_eq!(
        admitted,
        Ok(vec!["127.0.0.1:4567".parse().expect("an address")])
    );
    assert_eq!(reason(&guard, "https://sample.shop/").await, "invalid_port");
    assert_eq!(
        reason(&guard, "http://sample.shop:8080/").await,
        "invalid_port"
    );
    assert_eq!(
        reason(&guard, "http://127.0.0.1:4567/").await,
        "invalid_port",
        "not by its real address"
    );
    assert_eq!(reason(&guard, "http://x.sample.shop/").await, "dns_failed");
}

#[tokio::test]
async fn what_the_person_allows_is_allowed_and_no_more() {
    let guard = guard(&[
        "127.0.0.1:9000",
        "inside.example",
        "localhost:3000",
        "[::1]:9000",
        "http://x",
        "::1",
    ]);
    for url in [
        "http://127.0.0.1:9000/",
        "http://2130706433:9000/",
        "http://inside.example/",
        "http://inside.example:1234/",
        "http://[::1]:5/",
    ] {
        assert_eq!(reason(&guard, url).await, "admitted", "{url}");
    }
    assert_eq!(reason(&guard, "http://127.0.0.1/").await, "private_ip");
    assert_eq!(
        reason(&guard, "http://127.0.0.1:9001/").await,
        "invalid_port"
    );
    assert_eq!(
        reason(&guard, "http://localhost/").await,
        "blocked_hostname"
    );
    assert_eq!(
        reason(&guard, "http://loop.example:9000/").await,
        "invalid_port",
        "another name of the same computer"
    );
    guard.allow_hosts(&[]);
    assert_eq!(
        reason(&guard, "http://inside.example/").await,
        "private_ip",
        "the new list replaces the old"
    );
}

proptest! {
    #[test]
    fn private_ipv4_is_private_in_every_wrapping(bits in any::<u32>()) {
        let ip = Ipv4Addr::from_bits(bits);
        let known_private = ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_multicast()
            || ip.is_unspecified() || ip.is_broadcast() || ip.is_documentation() || ip.octets()[0] == 0;
        let public = is_public(IpAddr::V4(ip));
        prop_assert!(!(known_private && public), "{ip} must not be public");
        let [high, low] = [(bits >> 16) as u16, bits as u16];
        let wrappings = [
            ip.to_ipv6_mapped(),
            Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
            Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
        ];
        for wrapped in wrappings {
            prop_assert_eq!(is_public(IpAddr::V6(wrapped)), public, "{} wraps {}", wrapped, ip);
        }
    }

    #[test]
    fn only_global_unicast_ipv6_is_public(bits in any::<u128>()) {
        let ip = Ipv6Addr::from_bits(bits);
        let embeds = matches!(ip.segments(), [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..]);
        prop_assert!(embeds || bits >> 125 == 1 || !is_public(IpAddr::V6(ip)), "{} must not be public", ip);
    }

    #[test]
    fn private_ranges_are_refused_as_addresses(a in 0_u8..=255, b in 0_u8..=255, c in 1_u8..=254) {
        for ip in [[10, a, b, c], [127, a, b, c], [192, 168, b, c], [169, 254, b, c], [172, 16 + a % 16, b, c], [100, 64 + a % 64, b, c]] {
            prop_assert!(!is_public(IpAddr::from(ip)));
        }
    }
}

async fn proxy(allowed: &[&str]) -> Arc<GuardProxy> {
    GuardProxy::start(Arc::new(guard(allowed)))
        .await
        .expect("a port")
}

async fn say(proxy: &GuardProxy, request: &str) -> String {
    let mut stream = TcpStream::connect(proxy.addr()).await.expect("it listens");
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it reads");
    let mut answer = String::new();
    stream
        .read_to_string(&mut answer)
        .await
        .expect("it answers");
    answer
}

/// A server for one connection that echoes what it reads after `greeting`.
async fn echo(greeting: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("its address");
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a visitor");
        stream.write_all(greeting.as_bytes()).await.expect("writes");
        let (mut reader, mut writer) = stream.split();
        let _ = tokio::io::copy(&mut reader, &mut writer).await;
    });
    addr
}

/// A server that answers one request with the request's own head.
async fn reflect() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let addr = listener.local_addr().expect("its address");
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a visitor");
        let mut head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
        let start = head.len();
        while !head[start..].ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.expect("a whole head"));
        }
        stream.write_all(&head).await.expect("writes");
    });
    addr
}

#[tokio::test]
async fn the_proxy_refuses_and_says_why() {
    let proxy = proxy(&[]).await;
    let cases = [
        (
            "GET http://127.0.0.1/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "403",
            "private_ip",
            "127.0.0.1",
        ),
        (
            "CONNECT localhost:443 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "403",
            "blocked_hostname",
            "localhost",
        ),
        (
            "CONNECT public.example:22 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "403",
            "invalid_port",
            "public.example",
        ),
        (
            "CONNECT [::ffff:127.0.0.1]:443 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "403",
            "private_ip",
            "[::ffff:7f00:1]",
        ),
        (
            "CONNECT sample.shop:443 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "403",
            "invalid_port",
            "sample.shop",
        ),
        (
            "GET http://nowhere.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
            "502",
            "dns_failed",
            "nowhere.example",
        ),
    ];
    for (request, status, reason, host) in cases {
        let answer = say(&proxy, request).await;
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{request}{answer}"
        );
        assert!(
            answer.contains(&format!("x-guard-reason: {reason}")),
            "{request}{answer}"
        );
        assert!(proxy.last_failure(host).is_some(), "{host} is remembered");
    }
    let answer = say(
        &proxy,
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
    )
    .await;
    assert!(
        answer.starts_with("HTTP/1.1 400"),
        "a web page can't use it as a server: {answer}"
    );
}

#[tokio::test]
async fn the_proxy_forwards_and_names_the_judged_host() {
    let far = reflect().await;
    let host = format!("loop.example:{}", far.port());
    let proxy = proxy(&[&host]).await;
    let answer = say(
        &proxy,
        &format!("GET http://{host}/a?b=c HTTP/1.1\r\nHost: evil.example\r\nProxy-Connection: keep-alive\r\nConnection: close\r\n\r\n"),
    )
    .await;
    let lower = answer.to_ascii_lowercase();
    assert!(
        lower.contains("get /a?b=c http/1.1"),
        "origin form goes on: {answer}"
    );
    assert!(lower.contains(&format!("host: {host}")), "{answer}");
    assert!(
        !lower.contains("evil.example") && !lower.contains("proxy-connection"),
        "{answer}"
    );
    assert_eq!(proxy.last_failure("loop.example"), None);
}

#[tokio::test]
async fn the_proxy_tunnels_both_ways() {
    let far = echo("hello ").await;
    let host = format!("loop.example:{}", far.port());
    let proxy = proxy(&[&host]).await;
    let mut stream = TcpStream::connect(proxy.addr()).await.expect("it listens");
    stream
        .write_all(format!("CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes())
        .await
        .expect("it reads");
    let mut seen = Vec::new();
    while !seen.ends_with(b"\r\n\r\nhello ") {
        seen.push(stream.read_u8().await.expect("more to come"));
    }
    stream.write_all(b"there").await.expect("it reads");
    let mut back = [0; 5];
    stream.read_exact(&mut back).await.expect("it echoes");
    assert_eq!(&back, b"there");
}

#[tokio::test]
async fn a_success_forgets_the_failure() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("its address").port();
    let host = format!("loop.example:{port}");
    let proxy = proxy(&[&host]).await;
    drop(listener);
    let request = format!("GET http://{host}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    let answer = say(&proxy, &request).await;
    assert!(answer.contains("x-guard-reason: connect"), "{answer}");
    assert!(matches!(
        proxy.last_failure("loop.example"),
        Some(PageError::Connect { .. })
    ));
    let listener = TcpListener::bind(("127.0.0.1", port))
        .await
        .expect("the same port");
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a visitor");
        let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await;
    });
    assert!(say(&proxy, &request).await.starts_with("HTTP/1.1 204"));
    assert_eq!(proxy.last_failure("loop.example"), None);
}
