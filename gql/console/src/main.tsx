import "./ui/tokens.css";
import "./ui/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Provider } from "urql";
import { Router } from "wouter";
import { BASE, makeClient } from "./api/client";
import { App } from "./app";
import { applyTheme } from "./ui/theme";

applyTheme();
const place = document.getElementById("console");
if (place) {
  createRoot(place).render(
    <StrictMode>
      <Provider value={makeClient()}>
        <Router base={BASE}>
          <App />
        </Router>
      </Provider>
    </StrictMode>,
  );
}
