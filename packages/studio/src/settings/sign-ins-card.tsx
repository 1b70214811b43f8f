import type { ReactNode } from "react";
import type { OwnSignIns } from "@doppelwerk/client";
import { CardPart, ListPart, LoadedCard, momentText, RowActions, useLoad, useStudio, useWords, type Column } from "@doppelwerk/ui";
import { SignInChanges } from "./sign-in-changes.tsx";

type OwnSession = OwnSignIns["sessions"][number];

/** How somebody signs in himself: when last, what changed, and where he is logged in now. */
export default function SignInsCard(): ReactNode {
  const { client } = useStudio();
  const { t, zone, language } = useWords();
  const loaded = useLoad((signal) => client.signIns({ signal }), []);
  const time = (at: number): string => momentText(at, zone, language, false);
  const columns: readonly Column<OwnSession>[] = [
    {
      title: t("settings.signIn.browser"),
      cell: ({ device, isThis }) => (
        <>
          {device} {isThis && <small className="dw-quiet">{t("settings.signIn.this")}</small>}
        </>
      ),
    },
    { title: t("settings.signIn.address"), cell: ({ address }) => address },
    { title: t("settings.signIn.begun"), cell: ({ begun }) => time(begun) },
    { title: t("settings.signIn.seen"), cell: ({ seen }) => time(seen) },
    {
      title: "",
      cell: ({ id, isThis }) =>
        !isThis && (
          <RowActions onDone={loaded.reload} actions={[{ label: t("settings.signIn.end"), run: () => client.endOwnSession(id) }]} />
        ),
    },
  ];
  return (
    <LoadedCard
      title={t("settings.signIns")}
      note={({ last }) =>
        last === undefined
          ? t("settings.signIn.first")
          : t("settings.signIn.last", { time: time(last.at), device: last.device, address: last.address })
      }
      loaded={loaded}
    >
      {({ events, sessions }) => (
        <>
          <ListPart
            caption={t("settings.signIn.sessions")}
            columns={columns}
            rows={sessions}
            keyOf={({ id }) => id}
            empty={null}
            textOf={({ device, address }) => `${device} ${address}`}
          />
          <CardPart title={t("settings.signIn.changes")}>
            {events.length === 0 ? (
              <p className="dw-fine">{t("settings.signIn.noChanges")}</p>
            ) : (
              <>
                <SignInChanges events={events} />
                <p className="dw-fine">{t("settings.signIn.help")}</p>
              </>
            )}
          </CardPart>
        </>
      )}
    </LoadedCard>
  );
}
