
(() => {
  const notes = document.getElementById("notes");
  const end = document.getElementById("end");
  // Otherwise the browser holds the footer in view as notes arrive, and one scroll loads them all.
  document.documentElement.style.overflowAnchor = "none";
  let next = notes.children.length;

  const observer = new IntersectionObserver(async ([entry]) => {
    if (!entry.isIntersecting) return;
    observer.unobserve(end);
    const answer = await fetch(`/feed/more?from=${next}`);
    const more = await answer.json();
    notes.insertAdjacentHTML("beforeend", more.html);
    next = more.next;
    if (next === null) {
      end.textContent = "You have read them all.";
      return;
    }
    observer.observe(end);
  });
  observer.observe(end);
})();
