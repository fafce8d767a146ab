//! The engine as a program of its own: what the app meets as "another server".

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::built;
use crate::process::Process;

/// `scrapingpros-engine serve`, ended with the test.
pub struct EngineProgram {
    pub url: String,
    pub key: String,
    _process: Process,
    data: TempDir,
}

impl EngineProgram {
    pub fn start(allowed_hosts: &[&str]) -> Self {
        Self::start_with(allowed_hosts, &[])
    }

    /// `proxies` as the program takes them: `US=http://host:port`.
    pub fn start_with(allowed_hosts: &[&str], proxies: &[&str]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut command = Command::new(built("scrapingpros-engine"));
        command
            .arg("serve")
            .arg("--data-dir")
            .arg(data.path())
            .stdout(Stdio::piped());
        for host in allowed_hosts {
            command.arg("--allow-host").arg(host);
        }
        for proxy in proxies {
            command.arg("--proxy").arg(proxy);
        }
        let mut process = Process::spawn(&mut command);
        let mut line = String::new();
        let stdout = process.child().stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let told: Value = serde_json::from_str(&line).unwrap();
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        Self {
            url: text("url"),
            key: text("key"),
            _process: process,
            data,
        }
    }

    /// Where it keeps what it stores.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// The bytes at an address, as the engine's download call gives them.
    pub async fn download(&self, address: &str) -> Vec<u8> {
        let answer: Value = reqwest::Client::new()
            .post(format!("{}/v1/sync/download", self.url))
            .bearer_auth(&self.key)
            .json(&serde_json::json!({ "url": address }))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        use base64::Engine as _;
        let content = answer["content"].as_str().unwrap();
        base64::engine::general_purpose::STANDARD
            .decode(content)
            .unwrap()
    }
}
