import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { startLanguage } from "./language/language.ts";
import { keepLoaded } from "./session/loading.ts";
import { createStudio } from "./session/studio.ts";
import { bindTimeToAddress } from "./time/bind-address.ts";
import "./theme/mantine.css";
import "./frame/frame.css";
import "./theme/studio.css";

const studio = createStudio();
startLanguage(studio.preferences.get().language);
bindTimeToAddress(studio);
keepLoaded(studio);
createRoot(document.getElementById("studio")!).render(
  <StrictMode>
    <App studio={studio} />
  </StrictMode>,
);
