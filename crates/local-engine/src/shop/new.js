
(async () => {
  const STEP = 6;
  const grid = document.getElementById("products");
  const make = (tag, className, text = "") => {
    const node = document.createElement(tag);
    node.className = className;
    node.textContent = text;
    return node;
  };

  if (!document.cookie.includes("cookies=accepted")) {
    const notice = make("div", "cookies");
    notice.setAttribute("role", "region");
    notice.setAttribute("aria-label", "Cookies");
    const accept = make("button", "button accept", "Accept cookies");
    accept.type = "button";
    accept.onclick = () => {
      document.cookie = "cookies=accepted; path=/; max-age=3600; samesite=lax";
      notice.remove();
    };
    notice.append(make("p", "", "We bake our own cookies. One remembers that you have seen this."), accept);
    document.body.append(notice);
  }

  const answer = await fetch("/api/products.json");
  const { products } = await answer.json();

  // The picture goes into the page itself, so that a copy of the page keeps it.
  const card = async (product) => {
    const link = make("a", "card");
    link.href = product.url;
    link.dataset.code = product.code;
    link.dataset.image = product.image;
    const picture = document.createElement("div");
    picture.innerHTML = await (await fetch(product.image)).text();
    const drawing = picture.firstElementChild;
    drawing.setAttribute("class", "picture");
    const inside = make("div", "in");
    const row = make("p", "row");
    const rating = make("span", "rating");
    rating.append(make("i", "", "★"), ` ${product.rating} (${product.ratings})`);
    row.append(make("span", "price", product.price), rating);
    inside.append(
      make("h2", "name", product.name),
      make("p", "meta", product.short),
      row,
      make("p", `stock ${product.stock_class}`, product.stock),
    );
    link.append(drawing, inside);
    return link;
  };

  const more = make("button", "button more", "Load more");
  more.type = "button";
  let shown = 0;
  const show = async () => {
    more.disabled = true;
    const next = products.slice(shown, shown + STEP);
    grid.append(...(await Promise.all(next.map(card))));
    shown += next.length;
    more.disabled = false;
    if (shown >= products.length) more.remove();
  };
  more.onclick = show;
  await show();
  grid.after(more);
})();
