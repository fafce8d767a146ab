"""The same pages by Scrapy: python scrapy_peer.py HOST PAGES. One line of JSON."""

import json
import resource
import sys
import time

import scrapy
from scrapy.crawler import CrawlerProcess

HOST, PAGES = sys.argv[1], int(sys.argv[2])
found = 0


class Shelves(scrapy.Spider):
    name = "shelves"

    async def start(self):
        for page in range(PAGES):
            yield scrapy.Request(f"http://{HOST}/{page}")

    def start_requests(self):
        for page in range(PAGES):
            yield scrapy.Request(f"http://{HOST}/{page}")

    def parse(self, response):
        global found
        item = {
            "title": response.css("h1::text").get(),
            "prices": response.css(".price::text").getall(),
            "links": response.css("a::attr(href)").getall(),
        }
        found += bool(item["title"] and item["prices"] and item["links"])
        yield item


process = CrawlerProcess(
    {
        "CONCURRENT_REQUESTS": 32,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 32,
        "DOWNLOAD_DELAY": 0,
        "LOG_ENABLED": False,
        "ROBOTSTXT_OBEY": False,
        "TELNETCONSOLE_ENABLED": False,
        "RETRY_ENABLED": False,
    }
)
process.crawl(Shelves)
cpu, clock = time.process_time(), time.perf_counter()
process.start()
seconds, cpu = time.perf_counter() - clock, time.process_time() - cpu
if found != PAGES:
    sys.exit(f"{found} of {PAGES} pages")
print(
    json.dumps(
        {
            "version": scrapy.__version__,
            "pages_per_second": PAGES / seconds,
            "cpu_ms_per_page": cpu * 1000 / PAGES,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
    )
)
