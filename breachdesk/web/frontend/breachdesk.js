/* Starts what GOV.UK Frontend does with JavaScript. Every page works without it. */
import { initAll } from "./govuk-frontend.min.js";

initAll();
