import type { ReactNode } from "react";
import { useWords } from "@doppelwerk/ui";
import "./login.css";

/** A page of one card: nothing of the plant is shown to who is not known. */
export function LoginCard({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  const { t } = useWords();
  return (
    <main className="dw-login">
      <div className="dw-login-card">
        <small className="dw-quiet">{t("login.server", { host: location.host })}</small>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
