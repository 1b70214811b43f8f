import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { startLanguage } from "@doppelwerk/ui";
import { keepLoaded } from "./session/loading.ts";
import { createStudio } from "./session/create-studio.ts";
import { bindTimeToAddress } from "./session/bind-address.ts";
import "@doppelwerk/ui/theme/mantine.css";
import "./frame/frame.css";
import "@doppelwerk/ui/theme/studio.css";

const studio = createStudio();
startLanguage(studio.preferences.get().language);
bindTimeToAddress(studio);
keepLoaded(studio);
createRoot(document.getElementById("studio")!).render(
  <StrictMode>
    <App studio={studio} />
  </StrictMode>,
);
