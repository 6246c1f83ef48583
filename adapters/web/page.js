
"use strict";
const form = document.querySelector("form");
const rows = document.querySelector("#rows");
const end = document.querySelector("#over");

function add(parent, tag, text, className) {
  const e = document.createElement(tag);
  e.textContent = text;
  if (className) e.className = className;
  parent.append(e);
  return e;
}

function over(o) {
  end.replaceChildren();
  add(end, "h2", o.title);
  for (const v of o.verdicts || []) {
    add(end, "p", v.text, v.ok ? "ok" : "fail");
    for (const a of v.advice || []) add(end, "p", a);
  }
  if (o.passport) add(end, "p", o.passport);
  add(end, "p", o.text);
  form.hidden = !o.again;
}

const show = {
  row(r) {
    const li = add(rows, "li", "", r.status);
    add(li, "b", ((r.target || "") + " " + r.check).trim());
    li.append(" " + r.detail + " ");
    add(li, "i", r.status);
  },
  over,
};

async function events(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "", done = false;
  for (;;) {
    const part = await reader.read();
    if (part.done) return done;
    const blocks = (rest + part.value).split("\n\n");
    rest = blocks.pop();
    for (const b of blocks) {
      const m = b.match(/^event: (row|over)\ndata: (.*)$/);
      if (m) show[m[1]](JSON.parse(m[2]));
      done ||= m && m[1] === "over";
    }
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form));
  form.elements.key.value = "";
  form.hidden = true;
  rows.replaceChildren();
  end.replaceChildren();
  add(end, "p", "Checking…");
  let done = false;
  try {
    const answer = await fetch(location.pathname, { method: "POST", body, headers: { Accept: "text/event-stream" }, cache: "no-store" });
    done = await events(answer);
  } catch (e) {
    // What is said below is all there is to say.
  }
  if (!done) over({ title: "The connection broke off", text: "If the check has begun, its result comes to your conversation. If not, load this page again." });
});
