import { Button } from "@mantine/core";
import { useEffect } from "react";
import type { ReactNode } from "react";
import type { IdentifiedShell } from "@doppelwerk/client";
import { Failure, formatPlace, useLoad, useStudio, useStore, useWords } from "@doppelwerk/ui";
import { LoginCard } from "./login-card.tsx";
import LoginPage from "./login-page.tsx";

/** Where a code on an asset leads: to its shell, once it is known who scanned it. Who may not read the shell is told what is told where there is none. */
export default function CodePage(): ReactNode {
  const { needsLogin } = useStudio();
  const asksWho = useStore(needsLogin);
  return asksWho ? <LoginPage /> : <Scanned link={scanned()} />;
}

/** The code itself: an address of this server, or a Handle that stands behind `/hdl/`. */
function scanned(): string {
  const { pathname, href } = location;
  return pathname.startsWith("/hdl/") ? `hdl:${pathname.slice("/hdl/".length)}` : href;
}

function Scanned({ link }: { readonly link: string }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const found = useLoad((signal) => client.shellsOfCode(link, { signal }), [link]);
  // what is of just this item goes before its lot and its kind
  const exact = found.value?.filter((shell) => shell.exact) ?? [];
  const shells = exact.length > 0 ? exact : found.value;
  const [only, ...others] = shells ?? [];
  useEffect(() => {
    if (only !== undefined && others.length === 0) location.replace(pageOf(only));
  }, [only, others.length]);
  if (shells !== undefined && others.length > 0) return <Several shells={shells} />;
  return (
    <LoginCard title={t("login.codeTitle")}>
      {found.kind === "failed" && <Failure message={found.message} code={found.code} onRetry={found.reload} />}
      <p className="dw-breaks">{link}</p>
      {found.kind !== "failed" && (
        <p className="dw-fine" role="status">
          {shells?.length === 0 ? t("login.codeNothing") : t("login.codeLooking")}
        </p>
      )}
      {(shells?.length === 0 || found.kind === "failed") && (
        <Button component="a" href="/" variant="default">
          {t("login.codeHome")}
        </Button>
      )}
    </LoginCard>
  );
}

function Several({ shells }: { readonly shells: readonly IdentifiedShell[] }): ReactNode {
  const { t } = useWords();
  return (
    <LoginCard title={t("login.codeTitle")}>
      <p>{t("login.codeSeveral", { count: shells.length })}</p>
      {shells.map((shell) => (
        <Button key={`${shell.world ?? ""} ${shell.id}`} component="a" href={pageOf(shell)} variant="default">
          {shell.idShort === "" ? shell.id : shell.idShort}
          {shell.world !== undefined && ` · ${shell.world}`}
          {!shell.exact && ` · ${t("login.codeWider")}`}
        </Button>
      ))}
    </LoginCard>
  );
}

function pageOf({ id, world }: IdentifiedShell): string {
  const place = `/assets/${formatPlace({ mode: "shells", shell: id })}`;
  return world === undefined ? place : `${place}?world=${encodeURIComponent(world)}`;
}
