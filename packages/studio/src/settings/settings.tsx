import type { ReactNode } from "react";
import { shell, useStudio, ViewOutlet } from "@doppelwerk/ui";
import "./settings.css";

/** What this browser remembers, and what it talks to. */
export default function Settings(): ReactNode {
  return (
    <div className="dw-page">
      <div className="dw-settings">
        {useStudio()
          .views.of(shell.setting)
          .map((setting) => (
            <ViewOutlet key={setting.id} view={setting} />
          ))}
      </div>
    </div>
  );
}
