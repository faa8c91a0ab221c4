/*
 * The crowd-* elements that task pages use, for a market of one's own: a form that posts its answers as one JSON document
 * (or as single fields, with answer-format="flatten-objects"), and the fields in it. No dependencies. The fields are the
 * browser's own inputs, so that keyboards, screen readers and validation work as everywhere; elements that are not known here
 * become a plain text field.
 */
(function () {
  "use strict";
  if (window.customElements.get("crowd-form")) return;

  var PREVIEW = "ASSIGNMENT_ID_NOT_AVAILABLE";
  var RESERVED = ["assignmentId", "hitId", "workerId", "turkSubmitTo"];
  var given = new URLSearchParams(window.location.search);
  var isPreview = given.get("assignmentId") === PREVIEW;
  var serial = 0;

  function make(name, properties, children) {
    var element = document.createElement(name);
    Object.keys(properties || {}).forEach(function (key) {
      var value = properties[key];
      if (value === true) element.setAttribute(key, "");
      else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value);
    });
    (children || []).forEach(function (child) { element.append(child); });
    return element;
  }

  function fresh(prefix) {
    serial += 1;
    return "crowd-" + prefix + "-" + serial;
  }

  /* Lists in attributes are JSON, often with single quotes. */
  function list(text) {
    if (!text || !text.trim()) return [];
    try {
      return JSON.parse(text).map(String);
    } catch (e) {
      var found = [];
      var item = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/g;
      for (var match = item.exec(text); match; match = item.exec(text)) {
        found.push((match[1] !== undefined ? match[1] : match[2]).replace(/\\(.)/g, "$1"));
      }
      return found.length ? found : text.replace(/^\s*\[|\]\s*$/g, "").split(",").map(function (part) { return part.trim(); });
    }
  }

  /* Answers with one name belong together: objects are joined, texts are listed. */
  function put(answers, name, value) {
    if (!name || RESERVED.indexOf(name) >= 0) return;
    var known = Object.prototype.hasOwnProperty.call(answers, name) ? answers[name] : undefined;
    var merged = value;
    if (known !== undefined && known !== null && typeof known === "object" && typeof value === "object") {
      merged = Object.assign({}, known, value);
    } else if (known !== undefined) {
      merged = known + "|" + value;
    }
    Object.defineProperty(answers, name, { value: merged, enumerable: true, configurable: true, writable: true });
  }

  function truth(value, on) {
    var object = {};
    Object.defineProperty(object, value, { value: on, enumerable: true, configurable: true, writable: true });
    return object;
  }

  /* {a: {b: true}} as a.b = "true". */
  function flatten(prefix, value, into) {
    if (Array.isArray(value)) {
      into.push([prefix, value.join("|")]);
    } else if (value !== null && typeof value === "object") {
      Object.keys(value).forEach(function (key) { flatten(prefix ? prefix + "." + key : key, value[key], into); });
    } else {
      into.push([prefix, String(value)]);
    }
  }

  class CrowdElement extends HTMLElement {
    connectedCallback() {
      if (ready) queueMicrotask(build.bind(null, this));
    }
    get name() { return this.getAttribute("name") || ""; }
    set name(name) { this.setAttribute("name", name); }
    get disabled() { return this.hasAttribute("disabled"); }
    set disabled(is) { this.toggleAttribute("disabled", !!is); }
    attributeChangedCallback() { if (this.built) this.refresh(); }
    refresh() {}
    /* Adds this element's answer to the others. */
    answer() {}
  }

  /* An element around one input. */
  class Field extends CrowdElement {
    static get observedAttributes() { return ["disabled", "required"]; }
    refresh() {
      this.field.disabled = this.disabled;
      this.field.required = this.hasAttribute("required") && !this.field.disabled;
    }
    get value() { return this.field ? this.field.value : this.getAttribute("value") || ""; }
    set value(value) {
      if (this.field) this.field.value = value;
      else this.setAttribute("value", value);
    }
    focus() { if (this.field) this.field.focus(); }
    answer(answers) { put(answers, this.name, this.value); }
    /* Puts the field, under its label, before whatever stands in the element. */
    show(field, className) {
      this.field = field;
      field.id = fresh("field");
      field.className = className;
      var parts = [];
      var words = this.getAttribute("label");
      if (words) parts.push(make("label", { "class": "crowd-label", "for": field.id }, [words]));
      else if (!field.placeholder) field.setAttribute("aria-label", this.name);
      parts.push(field);
      var message = this.getAttribute("error-message");
      if (message) {
        field.addEventListener("invalid", function () { field.setCustomValidity(message); });
        field.addEventListener("input", function () { field.setCustomValidity(""); });
      }
      this.prepend.apply(this, parts);
      if (this.hasAttribute("auto-focus") && this.getAttribute("auto-focus") !== "false") field.focus();
    }
  }

  class Input extends Field {
    build() {
      var type = this.getAttribute("type") || "text";
      var field = make("input", {
        type: type, value: this.getAttribute("value"), placeholder: this.getAttribute("placeholder"),
        maxlength: this.getAttribute("max-length"), minlength: this.getAttribute("min-length"),
        min: this.getAttribute("min"), max: this.getAttribute("max"), step: this.getAttribute("step")
      });
      var allowed = this.getAttribute("allowed-pattern");
      if (allowed && this.hasAttribute("auto-validate")) {
        field.addEventListener("beforeinput", function (event) {
          try {
            var one = new RegExp("^(?:" + allowed + ")*$");
            if (event.data && !one.test(event.data)) event.preventDefault();
          } catch (e) { /* a pattern that is none allows everything */ }
        });
      }
      this.show(field, "crowd-text");
    }
  }

  class TextArea extends Field {
    build() {
      var field = make("textarea", {
        rows: this.getAttribute("rows") || 3, placeholder: this.getAttribute("placeholder"),
        maxlength: this.getAttribute("max-length"), minlength: this.getAttribute("min-length")
      });
      field.value = this.getAttribute("value") || this.textContent.trim();
      if (!this.hasAttribute("value")) this.textContent = "";
      this.show(field, "crowd-text");
      if (this.hasAttribute("auto-size") || this.hasAttribute("max-rows")) {
        var most = Number(this.getAttribute("max-rows")) || 30;
        field.addEventListener("input", function () {
          field.rows = Math.min(most, Math.max(field.rows, field.value.split("\n").length));
        });
      }
    }
  }

  class Slider extends Field {
    build() {
      var element = this;
      var shown = make("output", { "class": "crowd-value" });
      var least = this.getAttribute("min") || "0";
      var field = make("input", { type: "range", min: least, max: this.getAttribute("max") || "100", step: this.getAttribute("step") || "1" });
      field.value = this.getAttribute("value") || least;
      this.show(field, "crowd-range");
      field.after(shown);
      this.touched = this.hasAttribute("value");
      var update = function () {
        shown.value = field.value;
        field.setCustomValidity(element.hasAttribute("required") && !element.touched ? "Move the slider to your answer." : "");
      };
      /* Space or Enter takes the value that is shown. */
      ["input", "pointerup", "keydown"].forEach(function (kind) {
        field.addEventListener(kind, function (event) {
          if (kind !== "keydown" || event.key === " ") element.touched = true;
          update();
        });
      });
      update();
    }
    refresh() { this.field.disabled = this.disabled; }
    get value() { return this.field ? Number(this.field.value) : Number(this.getAttribute("value")); }
    set value(value) {
      this.touched = true;
      if (this.field) {
        this.field.value = value;
        this.field.dispatchEvent(new Event("input"));
      } else {
        this.setAttribute("value", value);
      }
    }
  }

  /* Boxes and buttons: their words are what stands in the element. */
  class Choice extends CrowdElement {
    static get observedAttributes() { return ["disabled", "required", "checked"]; }
    get value() { return this.getAttribute("value") || "on"; }
    set value(value) { this.setAttribute("value", value); }
    get checked() { return this.field ? this.field.checked : this.hasAttribute("checked"); }
    set checked(is) {
      if (this.field) this.field.checked = !!is;
      else this.toggleAttribute("checked", !!is);
    }
    focus() { if (this.field) this.field.focus(); }
    wrap(field) {
      this.field = field;
      field.checked = this.hasAttribute("checked");
      var words = make("span", { "class": "crowd-words" });
      while (this.firstChild) words.append(this.firstChild);
      if (!words.textContent.trim() && !words.querySelector("img, video, audio")) {
        field.setAttribute("aria-label", this.getAttribute("label") || this.value);
        words.append(this.getAttribute("label") || "");
      }
      this.append(make("label", { "class": "crowd-choice" }, [field, words]));
    }
    refresh() { this.field.disabled = this.disabled; }
    answer(answers) { put(answers, this.name, truth(this.value, this.checked)); }
  }

  class Checkbox extends Choice {
    build() { this.wrap(make("input", { type: "checkbox" })); }
    refresh() {
      super.refresh();
      this.field.required = this.hasAttribute("required");
    }
  }

  class RadioGroup extends CrowdElement {
    build() {
      this.setAttribute("role", "radiogroup");
      this.group = this.group || fresh("group");
    }
    get value() {
      var chosen = Array.prototype.find.call(this.querySelectorAll("crowd-radio-button"), function (button) { return button.checked; });
      return chosen ? chosen.value : undefined;
    }
  }

  class RadioButton extends Choice {
    build() {
      var around = this.closest("crowd-radio-group");
      if (around) around.group = around.group || fresh("group");
      var field = make("input", { type: "radio", name: around ? around.group : "crowd-radio:" + this.name });
      field.required = !!around && around.hasAttribute("required");
      this.around = around;
      this.wrap(field);
    }
    answer(answers) {
      var group = this.around ? this.around.getAttribute("name") : "";
      var value = this.getAttribute("value") || (this.name ? "on" : this.textContent.trim());
      put(answers, this.name || group, truth(value, this.checked));
    }
  }

  /* What is judged, the categories, and the instructions beside them. */
  class Classifier extends CrowdElement {
    build() {
      var element = this;
      var many = this.many();
      var group = fresh("group");
      var source = this.getAttribute("src");
      if (source) this.prepend(make("img", { src: source, alt: this.getAttribute("header") || "The image to judge", "class": "crowd-image" }));
      var header = this.getAttribute("header");
      var id = fresh("header");
      if (header) this.prepend(make("h2", { "class": "crowd-header", id: id }, [header]));
      this.fields = list(this.getAttribute("categories")).map(function (category) {
        var field = make("input", { type: many ? "checkbox" : "radio", name: group, value: category });
        field.required = !many;
        return field;
      });
      var exclusion = /text\s*:\s*(['"])(.*?)\1/.exec(this.getAttribute("exclusion-category") || "");
      if (many && exclusion) {
        var none = make("input", { type: "checkbox", name: group, value: exclusion[2] });
        this.fields.push(none);
        this.fields.forEach(function (field) {
          field.addEventListener("change", function () {
            if (!field.checked) return;
            element.fields.forEach(function (other) { if ((field === none) !== (other === none)) other.checked = false; });
          });
        });
      }
      var choices = this.fields.map(function (field) {
        return make("label", { "class": "crowd-choice" }, [field, make("span", { "class": "crowd-words" }, [field.value])]);
      });
      this.append(make("div", { "class": "crowd-categories", role: many ? "group" : "radiogroup", "aria-labelledby": header ? id : null }, choices));
    }
    many() { return /-multi-select$/.test(this.localName); }
    get value() {
      var chosen = (this.fields || []).filter(function (field) { return field.checked; }).map(function (field) { return field.value; });
      return this.many() ? { labels: chosen } : { label: chosen[0] };
    }
    answer(answers) {
      var value = this.value;
      if (value.labels || value.label !== undefined) put(answers, this.name, value);
    }
  }

  /* Instructions behind a button. */
  function dialog(title, parts) {
    var close = make("button", { type: "button", "class": "crowd-close" }, ["Close"]);
    var box = make("dialog", { "class": "crowd-dialog", "aria-label": title }, [make("h2", {}, [title])].concat(parts, [close]));
    close.addEventListener("click", function () { box.close(); });
    return box;
  }

  function opener(words, box, className) {
    var button = make("button", { type: "button", "class": className }, [words]);
    button.addEventListener("click", function () { box.showModal(); });
    return button;
  }

  class Instructions extends CrowdElement {
    build() {
      var element = this;
      var parts = [];
      var section = function (name, heading) {
        Array.prototype.forEach.call(element.querySelectorAll(name), function (found) {
          parts.push(make("section", { "class": "crowd-section " + name }, [make("h3", {}, [heading]), found]));
        });
      };
      section("short-summary", "Summary");
      section("detailed-instructions", "Detailed instructions");
      section("positive-example", "Good example");
      section("negative-example", "Bad example");
      var words = this.getAttribute("link-text") || "Click for instructions";
      var box = dialog("Instructions", parts);
      var look = this.getAttribute("link-type") === "button" ? "crowd-secondary" : "crowd-link";
      this.prepend(opener(words, box, look), box);
    }
  }

  class FullInstructions extends CrowdElement {
    build() {
      var parts = make("div");
      while (this.firstChild) parts.append(this.firstChild);
      if (!parts.textContent.trim() && !parts.querySelector("img, video, audio")) return;
      var box = dialog(this.getAttribute("header") || "Instructions", [parts]);
      this.append(opener("View full instructions", box, "crowd-secondary"), box);
    }
  }

  class Card extends CrowdElement {
    build() {
      if (this.getAttribute("image")) this.prepend(make("img", { src: this.getAttribute("image"), alt: "", "class": "crowd-image" }));
      if (this.getAttribute("heading")) this.prepend(make("h3", { "class": "crowd-header" }, [this.getAttribute("heading")]));
    }
  }

  class Alert extends CrowdElement {
    build() {
      var element = this;
      this.setAttribute("role", this.getAttribute("type") === "error" ? "alert" : "status");
      if (!this.hasAttribute("dismissible")) return;
      var close = make("button", { type: "button", "class": "crowd-link", "aria-label": "Dismiss" }, ["Dismiss"]);
      close.addEventListener("click", function () { element.remove(); });
      this.append(" ", close);
    }
  }

  class Button extends CrowdElement {
    static get observedAttributes() { return ["disabled", "loading"]; }
    build() {
      var address = this.getAttribute("href");
      var action = this.getAttribute("form-action");
      var type = action === "submit" || action === "reset" ? action : "button";
      var look = { primary: "crowd-primary", link: "crowd-link" }[this.getAttribute("variant")] || (type === "submit" ? "crowd-primary" : "crowd-secondary");
      this.field = address
        ? make("a", { href: address, target: this.getAttribute("target") || "_blank", rel: "noopener", "class": look })
        : make("button", { type: type, "class": look });
      while (this.firstChild) this.field.append(this.firstChild);
      if (!this.field.textContent.trim()) this.field.append({ submit: "Submit", reset: "Reset" }[type] || "OK");
      this.append(this.field);
    }
    refresh() { this.field.disabled = this.disabled || this.hasAttribute("loading") || (isPreview && this.field.type === "submit"); }
  }

  class Form extends CrowdElement {
    build() {
      var element = this;
      this.form = make("form", { method: "post", id: fresh("form"), action: (given.get("turkSubmitTo") || "") + "/mturk/externalSubmit", hidden: true });
      this.append(this.form);
      var submits = "crowd-button[form-action=submit], button[type=submit], button:not([type]), input[type=submit], input[type=image]";
      if (!this.querySelector(submits)) {
        this.append(make("crowd-button", { "form-action": "submit", variant: "primary" }, ["Submit"]));
      }
      if (isPreview) {
        this.append(make("p", { "class": "crowd-note", role: "note" }, ["This is a preview. Accept the HIT to work on it."]));
      }
      this.adopt();
      new MutationObserver(function () { element.adopt(); }).observe(this, { childList: true, subtree: true });
      /* Whatever way the form is handed in, this is what is posted. */
      this.form.addEventListener("formdata", function (event) { element.fill(event.formData); });
      this.addEventListener("submit", function (event) { if (isPreview) event.preventDefault(); }, true);
      this.addEventListener("keydown", function (event) {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.localName === "textarea") element.form.requestSubmit();
      });
    }
    /* All fields in it belong to its form, wherever they stand. */
    adopt() {
      var id = this.form.id;
      Array.prototype.forEach.call(this.querySelectorAll("input, select, textarea, button"), function (field) {
        if (!field.form && field.getAttribute("form") !== id && !field.closest("dialog")) field.setAttribute("form", id);
        if (isPreview && field.type === "submit") field.disabled = true;
      });
    }
    get value() {
      var answers = {};
      Array.prototype.forEach.call(this.querySelectorAll("*"), function (found) {
        if (found.answer) found.answer(answers);
        else if (/^(input|select|textarea)$/.test(found.localName) && !found.closest(OWN)) native(answers, found);
      });
      return answers;
    }
    fill(data) {
      var answers = this.value;
      Array.from(data.keys()).forEach(function (key) { data.delete(key); });
      data.set("assignmentId", given.get("assignmentId") || "");
      if (this.getAttribute("answer-format") === "flatten-objects") {
        var fields = [];
        flatten("", answers, fields);
        fields.forEach(function (field) { data.append(field[0], field[1]); });
      } else {
        data.set("taskAnswers", JSON.stringify([answers]));
      }
    }
    submit() { if (!isPreview) this.form.submit(); }
    requestSubmit() { this.form.requestSubmit(); }
    reportValidity() { return this.form.reportValidity(); }
    checkValidity() { return this.form.checkValidity(); }
  }

  /* What the page's own fields answer. */
  function native(answers, field) {
    if (field.disabled || /^(submit|button|reset|image)$/.test(field.type)) return;
    if (field.type === "radio" || field.type === "checkbox") {
      put(answers, field.name, truth(field.value, field.checked));
    } else if (field.type === "file") {
      put(answers, field.name, Array.from(field.files, function (file) { return file.name; }).join("|"));
    } else if (field.localName === "select" && field.multiple) {
      put(answers, field.name, Array.from(field.selectedOptions, function (option) { return option.value; }).join("|"));
    } else {
      put(answers, field.name, field.value);
    }
  }

  /* An element that is not known here: a text in its place. */
  function degrade(element) {
    if (element.built || !element.getAttribute("name")) return;
    element.built = true;
    var words = element.getAttribute("header") || element.getAttribute("label") || "Your answer";
    var id = fresh("field");
    var labels = list(element.getAttribute("labels") || element.getAttribute("categories"));
    var parts = [make("label", { "class": "crowd-label", "for": id }, [words])];
    if (element.getAttribute("src")) parts.push(make("img", { src: element.getAttribute("src"), alt: "", "class": "crowd-image" }));
    if (element.getAttribute("text")) parts.push(make("blockquote", {}, [element.getAttribute("text")]));
    if (labels.length) parts.push(make("p", { "class": "crowd-note" }, ["Labels: " + labels.join(", ")]));
    parts.push(make("p", { "class": "crowd-note" }, ["The tool <" + element.localName + "> is not available on this site. Answer in words."]));
    var field = make("textarea", { id: id, rows: 3, "class": "crowd-text" });
    parts.push(field);
    element.prepend.apply(element, parts);
    element.classList.add("crowd-unknown");
    element.answer = function (answers) { put(answers, element.getAttribute("name"), field.value); };
  }

  var ELEMENTS = {
    "crowd-input": Input, "crowd-text-area": TextArea, "crowd-slider": Slider, "crowd-checkbox": Checkbox,
    "crowd-toggle-button": class extends Checkbox {}, "crowd-radio-group": RadioGroup, "crowd-radio-button": RadioButton,
    "crowd-classifier": Classifier, "crowd-classifier-multi-select": class extends Classifier {},
    "crowd-image-classifier": class extends Classifier {}, "crowd-image-classifier-multi-select": class extends Classifier {},
    "crowd-instructions": Instructions, "full-instructions": FullInstructions, "crowd-card": Card, "crowd-alert": Alert,
    "crowd-button": Button, "crowd-form": Form
  };
  /* Elements that hold inputs of their own. */
  var OWN = Object.keys(ELEMENTS).filter(function (name) { return !/-form$|-card$|-alert$|-group$|instructions$/.test(name); }).join(", ") + ", .crowd-unknown";
  var ready = false;

  function build(element) {
    if (element.built || !element.isConnected) return;
    element.built = true;
    element.build();
    element.refresh();
  }

  function buildAll() {
    /* Forms come last: what they hold is complete by then. */
    var names = Object.keys(ELEMENTS);
    var order = names.filter(function (name) { return name !== "crowd-form"; });
    Array.prototype.forEach.call(document.querySelectorAll(order.join(", ")), build);
    Array.prototype.forEach.call(document.querySelectorAll("crowd-form *"), function (element) {
      if (/^crowd-/.test(element.localName) && !ELEMENTS[element.localName]) degrade(element);
    });
    ready = true;
    Array.prototype.forEach.call(document.querySelectorAll("crowd-form"), build);
    document.dispatchEvent(new CustomEvent("all-crowd-elements-ready", { bubbles: true }));
  }

  var style = make("style", {}, ["/*STYLE*/"]);
  (document.head || document.documentElement).prepend(style);
  Object.keys(ELEMENTS).forEach(function (name) { window.customElements.define(name, ELEMENTS[name]); });
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", buildAll);
  else buildAll();
})();
