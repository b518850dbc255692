"use strict";
const element = (id) => document.getElementById(id);
let models = [];
let running = null;

function say(text) {
  element("message").textContent = text;
}

function headers() {
  const key = element("key").value;
  const own = { "Content-Type": "application/json" };
  return key ? { ...own, Authorization: "Bearer " + key } : own;
}

function chosen() {
  return models.find((model) => model.name === element("model").value);
}

function offer() {
  const model = chosen();
  if (!model) {
    return;
  }
  element("prompt-field").hidden = !model.text;
  element("class-field").hidden = model.classes === 0;
  element("class").max = Math.max(0, model.classes - 1);
  element("steps").value = model.steps;
}

async function load() {
  const answer = await fetch("/page/settings", { headers: headers() });
  if (answer.status === 401) {
    element("key-field").hidden = false;
    say("This service asks for a key.");
    element("key").focus();
    return;
  }
  const settings = await answer.json();
  models = settings.models;
  element("model").replaceChildren(...models.map((model) => new Option(model.name)));
  element("steps").max = settings.mostSteps;
  element("count").max = settings.mostImages;
  element("compare-field").hidden = !settings.compare;
  say("");
  offer();
}

function request() {
  const model = chosen();
  const body = {
    model: model.name,
    steps: Number(element("steps").value),
    count: Number(element("count").value),
    compare: element("compare").checked,
  };
  if (element("seed").value !== "") {
    body.seed = Number(element("seed").value);
  }
  if (model.text) {
    body.prompt = element("prompt").value;
  } else if (model.classes > 0) {
    body.prompt = "class:" + element("class").value;
  }
  return body;
}

function picture(base64, what) {
  const image = new Image();
  image.alt = what;
  image.src = "data:image/png;base64," + base64;
  return image;
}

function cell(kind, content) {
  const made = document.createElement(kind);
  made.append(content);
  return made;
}

function show(images) {
  const table = document.createElement("table");
  const head = table.insertRow();
  head.append(cell("th", "Seed"), cell("th", "Protected"));
  if (images.unprotected) {
    head.append(cell("th", "Unprotected"));
  }
  images.protected.forEach((base64, i) => {
    const seed = images.seed + i;
    const row = table.insertRow();
    row.append(cell("th", String(seed)), cell("td", picture(base64, "protected, seed " + seed)));
    if (images.unprotected) {
      row.append(cell("td", picture(images.unprotected[i], "unprotected, seed " + seed)));
    }
  });
  element("result").replaceChildren(table);
  say(images.protected.length + " images from seed " + images.seed + ".");
}

function take(text) {
  const kind = /^event: (.*)$/m.exec(text);
  const data = /^data: (.*)$/m.exec(text);
  if (!kind || !data) {
    return;
  }
  const value = JSON.parse(data[1]);
  if (kind[1] === "progress") {
    element("progress").value = value.percent;
  } else if (kind[1] === "images") {
    element("progress").value = 100;
    show(value);
  } else if (kind[1] === "failure") {
    say(value.message);
  }
}

async function follow(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    text += decoder.decode(value, { stream: !done });
    const events = text.split("\n\n");
    text = events.pop();
    events.forEach(take);
    if (done) {
      return;
    }
  }
}

async function make(event) {
  event.preventDefault();
  if (models.length === 0) {
    await load();
    return;
  }
  running = new AbortController();
  element("make").disabled = true;
  element("cancel").disabled = false;
  element("progress").value = 0;
  say("Under way.");
  try {
    const answer = await fetch("/page/images", {
      method: "POST",
      headers: headers(),
      body: JSON.stringify(request()),
      signal: running.signal,
    });
    if (answer.ok) {
      await follow(answer.body);
    } else {
      say((await answer.json()).error.message);
    }
  } catch (problem) {
    say(running.signal.aborted ? "Cancelled." : "The service does not answer.");
  } finally {
    element("make").disabled = false;
    element("cancel").disabled = true;
    element("make").focus();
  }
}

element("form").addEventListener("submit", make);
element("cancel").addEventListener("click", () => running.abort());
element("model").addEventListener("change", offer);
load();
