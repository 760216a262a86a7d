/** Searchable selects and tags, by Tom Select. */
import { all, getJson } from "./dom.js";

/**
 * @typedef {{id: string | number, text: string}} Choice
 * @typedef {{results: Choice[], pagination: {more: boolean}}} Choices
 */

/** More options than this are searched, not scrolled. */
const LONG = 15;

/** Tom Select's global, which its script makes before modules run. */
const TomSelect = /** @type {any} */ (globalThis).TomSelect;

/**
 * Make the selects and tag lists below `root` searchable; those that are already are left alone.
 * @param {ParentNode} root
 */
export function enhance(root) {
  for (const element of all("select[data-lookup]", root)) lookup(element);
  for (const element of all("select[data-search], form[data-guard] select", root)) {
    const long = element instanceof HTMLSelectElement && element.options.length > LONG;
    if (long || "search" in element.dataset) start(element, { maxOptions: null, plugins: forMany(element) });
  }
  for (const element of all('textarea[data-kind="tags"]', root)) tags(element);
}

/**
 * @param {HTMLElement} element
 * @param {object} settings
 */
function start(element, settings) {
  if (!TomSelect || "tomselect" in element) return;
  // Options follow each letter at once: later they would open again what has been left meanwhile.
  const usual = { hidePlaceholder: true, refreshThrottle: 0, render: texts() };
  const select = new TomSelect(element, { ...usual, ...settings });
  // What is closed points to no option: the options may be others by the time it opens again.
  // A click points to its option once more after closing, hence the microtask.
  const forget = () => queueMicrotask(() => select.isOpen || select.clearActiveOption());
  for (const event of ["dropdown_close", "load"]) select.on(event, forget);
  // The label now names the visible input; the select behind it keeps its name for checkers, and the
  // input gets what was said about the select.
  element.setAttribute("aria-labelledby", `${element.id}-ts-label`);
  for (const name of ["aria-describedby", "aria-invalid"]) {
    const value = element.getAttribute(name);
    if (value) select.control_input.setAttribute(name, value);
  }
}

/**
 * Where many can be chosen, each goes by a cross of its own.
 * @param {HTMLElement} element
 * @returns {Record<string, object>}
 */
function forMany(element) {
  const many = element instanceof HTMLSelectElement && element.multiple;
  return many ? { remove_button: { title: words().remove } } : {};
}

/**
 * Choices come from the server as they are typed for, page by page.
 * @param {HTMLElement} element
 */
function lookup(element) {
  const url = element.dataset.lookup ?? "";
  const clearable = !element.hasAttribute("required");
  const many = element instanceof HTMLSelectElement && element.multiple;
  const cross = many ? forMany(element) : clearable ? { clear_button: { title: words().clear } } : {};
  start(element, {
    plugins: { virtual_scroll: {}, ...cross },
    valueField: "id",
    labelField: "text",
    searchField: [],
    sortField: [],
    maxOptions: null,
    preload: "focus",
    loadThrottle: 200,
    firstUrl: (/** @type {string} */ query) => page(url, query, 1),
    /**
     * @this {any}
     * @param {string} query
     * @param {(choices?: Choice[]) => void} done
     */
    async load(query, done) {
      const address = this.getUrl(query);
      /** @type {Choices | null} */
      const choices = await getJson(address);
      if (choices?.pagination.more) {
        const number = Number(new URL(address, location.href).searchParams.get("page"));
        this.setNextUrl(query, page(url, query, number + 1));
      }
      done(choices?.results);
    },
  });
}

/**
 * @param {string} url
 * @param {string} query
 * @param {number} number
 */
function page(url, query, number) {
  const address = new URL(url, location.href);
  address.searchParams.set("q", query);
  address.searchParams.set("page", String(number));
  return address.pathname + address.search;
}

/**
 * One tag a line in the text area, shown as labels.
 * @param {HTMLElement} element
 */
function tags(element) {
  start(element, {
    plugins: { remove_button: { title: words().remove } },
    delimiter: "\n",
    splitOn: "\n",
    create: true,
    createOnBlur: true,
    persist: false,
  });
}

/** Texts of the page (`<template id="select-texts">`), escaped by the page itself. */
function words() {
  return document.getElementById("select-texts")?.dataset ?? {};
}

/** What Tom Select shows. */
function texts() {
  const { none, loading, add } = words();
  return {
    no_results: message(none ?? ""),
    no_more_results: () => null,
    loading: message(loading ?? ""),
    loading_more: message(loading ?? ""),
    option_create: (/** @type {{input: string}} */ data, /** @type {(text: string) => string} */ escape) =>
      `<div class="create">${escape(add ?? "")} <strong>${escape(data.input)}</strong></div>`,
  };
}

/** @param {string} text */
function message(text) {
  return () => {
    const line = document.createElement("div");
    line.className = "no-results";
    line.textContent = text;
    return line;
  };
}
