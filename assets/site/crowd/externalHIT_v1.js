/* Helpers that task pages load from Amazon: they read what the frame was given and point the form at this market. */
"use strict";

function turkGetParam(name, defaultValue) {
  var value = new URLSearchParams(window.location.search).get(name);
  return value === null ? defaultValue : value;
}

function decode(text) {
  try {
    return decodeURIComponent(text.replace(/\+/g, " "));
  } catch (e) {
    return text;
  }
}

function turkGetSubmitToHost() {
  var host = turkGetParam("turkSubmitTo", "");
  return /^https?:\/\//.test(host) ? host : "";
}

function turkSetAssignmentID(formName, buttonName) {
  var id = turkGetParam("assignmentId", "");
  var field = document.getElementById("assignmentId") || document.querySelector("input[name=assignmentId]");
  if (field) {
    field.value = id;
  }
  var form = document.getElementById(formName || "mturk_form") || document.forms[formName || "mturk_form"] || (field && field.form);
  if (form) {
    form.setAttribute("action", turkGetSubmitToHost() + "/mturk/externalSubmit");
    if (!form.getAttribute("method")) {
      form.setAttribute("method", "post");
    }
  }
  if (id === "ASSIGNMENT_ID_NOT_AVAILABLE") {
    var button = document.getElementById(buttonName || "submitButton");
    if (button) {
      button.disabled = true;
      var words = "You must ACCEPT the HIT before you can submit the results.";
      if (button.tagName === "BUTTON") {
        button.textContent = words;
      } else {
        button.value = words;
      }
    }
  }
}
