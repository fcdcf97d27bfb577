"use strict";
// What the server says is put into the page as text alone, never as markup.

const $ = (id) => document.getElementById(id);
const wish = { seeds: [], excluded: [] };
const SLIDERS = ["share", "diversity", "popularity"];
const UNITS = { duration: " s", loudness: " dB", tempo: " BPM", time_signature: "", key: "" };
const NOTHING = "Add a song, or give a name, and the list builds.";

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// Names may run from right to left: each is a run of its own.
const named = (text, className = "") => element("bdi", { textContent: text, className });
const both = (song) => [named(song.title, "name"), " ", named(song.artist)];

function later(work, ms) {
  let timer = 0;
  const start = (...args) => { clearTimeout(timer); timer = setTimeout(work, ms, ...args); };
  start.cancel = () => clearTimeout(timer);
  return start;
}

async function answer(response) {
  if (response.ok) return response;
  const told = await response.json().catch(() => ({}));
  throw new Error(told.error || `the server answered ${response.status}`);
}

function post(path, signal) {
  return fetch(path, {
    method: "POST", signal, headers: { "Content-Type": "application/json" },
    body: JSON.stringify(asked()),
  }).then(answer);
}

function asked() {
  const length = Math.round(Number($("length").value));
  return {
    seeds: wish.seeds.map((song) => song.number),
    n: Math.min(500, Math.max(1, length || 50)),
    title: $("title").value.trim(),
    share: Number($("share").value),
    diversity: Number($("diversity").value),
    popularity: Number($("popularity").value),
    excluded_artists: wish.excluded,
    with_seeds: $("with-seeds").checked,
  };
}

// ---- which controls count: that depends on who answers, with songs and without

let controls = null;

async function learnControls() {
  try {
    controls = await (await fetch("api/controls").then(answer)).json();
    showControls();
  } catch { /* All are shown, as they are in the page. */ }
}

function showControls() {
  if (!controls) return;
  const now = wish.seeds.length ? controls.with_songs : controls.by_title;
  $("share-field").hidden = !now.has_share;
  $("about-title").textContent = now.about_title;
  $("about-title").hidden = !now.about_title;
}

// ---- the list

let making = new AbortController();

async function make() {
  making.abort();
  making = new AbortController();
  if (!wish.seeds.length && !$("title").value.trim()) { show([], null, NOTHING); return; }
  $("made").setAttribute("aria-busy", "true");
  try {
    const made = await (await post("api/playlist", making.signal)).json();
    show(made.songs, made.profile, `${made.songs.length} songs`);
  } catch (error) {
    if (error.name === "AbortError") return;
    show([], null, error.message || "the server does not answer");
  }
}

const makeSoon = later(make, 120);

function show(songs, profile, status) {
  $("made").removeAttribute("aria-busy");
  $("status").textContent = status;
  $("export").hidden = !songs.length;
  $("songs").replaceChildren(...songs.map(row));
  $("sound").hidden = !profile;
  if (profile) showProfile(profile);
}

function button(text, label, work) {
  const made = element("button", { textContent: text, title: label, onclick: work });
  made.setAttribute("aria-label", label);
  return made;
}

function row(song) {
  const why = element("div", { className: "quiet", textContent: song.reasons.join("; ") });
  const buttons = element("div", { className: "buttons" },
    button("+", `Go by ${song.title} by ${song.artist} too`, () => addSeed(song)),
    button("×", `Leave out ${song.artist}, who has ${song.title}`, () => leaveOut(song.artist)));
  return element("li", {}, element("div", { className: "row" },
    element("div", {}, ...both(song), why), buttons));
}

function showProfile(profile) {
  const isKnown = (value) => value !== null;
  const isShare = (name) => !(name in UNITS);
  const figure = (name, value) => !isKnown(value) ? "–"
    : isShare(name) ? value.toFixed(2) : value.toFixed(0) + UNITS[name];
  const cell = (name, value, whose) => {
    const box = element("td", {}, figure(name, value), " ");
    if (isKnown(value) && isShare(name)) {
      const meter = element("meter", { min: 0, max: 1, value });
      meter.setAttribute("aria-label", `${name} of ${whose}`);
      box.append(meter);
    }
    return box;
  };
  $("features").replaceChildren(...profile.features.map(({ name, own, similar }) =>
    element("tr", {}, element("th", { scope: "row", textContent: name.replace("_", " ") }),
      cell(name, own, "this list"), cell(name, similar, "similar playlists"))));
  const count = (value) => Math.round(value).toLocaleString("en");
  const followers = isKnown(profile.followers)
    ? ` Followers predicted: ${count(profile.followers)}. For those, ${count(profile.similar_predicted)}`
      + ` are predicted, and they have ${count(profile.similar_followers)} (medians).` : "";
  $("compared").textContent = `Known of ${profile.n_with_features} songs; beside `
    + `${profile.n_similar} similar playlists.${followers}`;
}

// ---- what to go by

function addSeed(song) {
  if (!wish.seeds.some((one) => one.number === song.number)) wish.seeds.push(song);
  showWish();
}

function leaveOut(artist) {
  if (!wish.excluded.includes(artist)) wish.excluded.push(artist);
  showWish();
}

function removable(list, items, label, parts) {
  list.hidden = !items.length;
  list.replaceChildren(...items.map((item, place) => {
    const remove = () => { items.splice(place, 1); showWish(); $("song").focus(); };
    return element("li", {}, element("span", {}, ...parts(item)), button("×", label(item), remove));
  }));
}

function showWish() {
  removable($("seeds"), wish.seeds, (song) => `Remove ${song.title} by ${song.artist}`, both);
  removable($("excluded"), wish.excluded, (name) => `Let ${name} in again`,
    (name) => ["without ", named(name)]);
  showControls();
  makeSoon();
}

// ---- search as you type

let found = [];
let current = -1;
let searching = new AbortController();

async function search() {
  const text = $("song").value;
  searching.abort();
  searching = new AbortController();
  if (!text.trim()) { close(); return; }
  try {
    const response = await fetch(`api/search?q=${encodeURIComponent(text)}`,
      { signal: searching.signal }).then(answer);
    offer((await response.json()).songs);
  } catch (error) {
    if (error.name !== "AbortError") { close(); $("status").textContent = error.message; }
  }
}

const searchSoon = later(search, 60);

function option(place, ...children) {
  const made = element("li", { id: `found-${place}` }, ...children);
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", "false");
  return made;
}

function offer(songs) {
  found = songs;
  const options = songs.map((song, place) => {
    const made = option(place, ...both(song),
      element("span", { className: "quiet", textContent: ` in ${song.n_playlists} playlists` }));
    made.onpointerdown = (event) => { event.preventDefault(); choose(place); };
    return made;
  });
  $("found").replaceChildren(...(songs.length ? options : [option("none", "No such song")]));
  $("found").hidden = false;
  $("song").setAttribute("aria-expanded", "true");
  mark(songs.length ? 0 : -1);
}

function mark(place) {
  current = place;
  [...$("found").children].forEach((one, at) =>
    one.setAttribute("aria-selected", String(at === place)));
  if (place < 0) { $("song").removeAttribute("aria-activedescendant"); return; }
  $("song").setAttribute("aria-activedescendant", `found-${place}`);
  $(`found-${place}`).scrollIntoView({ block: "nearest" });
}

function choose(place) {
  if (!found[place]) return;
  addSeed(found[place]);
  $("song").value = "";
  close();
}

function close() {
  // What is found from now on would open the list again.
  searchSoon.cancel();
  searching.abort();
  found = [];
  $("found").hidden = true;
  $("found").replaceChildren();
  $("song").setAttribute("aria-expanded", "false");
  $("song").removeAttribute("aria-activedescendant");
}

function press(event) {
  const moves = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in moves && found.length) {
    event.preventDefault();
    mark((current + moves[event.key] + found.length) % found.length);
  } else if (event.key === "Enter") {
    event.preventDefault();
    choose(current);
  } else if (event.key === "Escape") {
    close();
  }
}

// ---- files

async function save(format) {
  try {
    const response = await post(`api/export/${format}`);
    const content = await response.blob();
    const leftOut = response.headers.get("X-Left-Out");
    const name = $("title").value.trim() || "playlist";
    const link = element("a", { href: URL.createObjectURL(content), download: `${name}.${format}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    $("status").textContent = `Saved as ${link.download}${leftOut ? `; ${leftOut}` : ""}`;
  } catch (error) {
    $("status").textContent = error.message;
  }
}

// ---- tabs

function open(tab) {
  for (const one of document.querySelectorAll("[role=tab]")) {
    const isOpen = one === tab;
    one.setAttribute("aria-selected", String(isOpen));
    one.tabIndex = isOpen ? 0 : -1;
    $(one.getAttribute("aria-controls")).hidden = !isOpen;
  }
  if (tab.id === "tab-report" && !$("report").firstChild)
    $("report").append(element("iframe", { src: "report", title: "Report" }));
}

for (const tab of document.querySelectorAll("[role=tab]")) {
  tab.onclick = () => open(tab);
  tab.onkeydown = (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = tab.nextElementSibling || tab.previousElementSibling;
    open(other);
    other.focus();
  };
}

for (const name of SLIDERS) {
  const say = () => { $(`${name}-value`).textContent = Number($(name).value).toFixed(2); };
  $(name).oninput = () => { say(); makeSoon(); };
  say();
}
$("length").oninput = makeSoon;
$("title").oninput = later(make, 300);
$("song").oninput = searchSoon;
$("song").onkeydown = press;
$("song").onblur = close;
for (const one of document.querySelectorAll("[data-format]"))
  one.onclick = () => save(one.dataset.format);
learnControls();
