import { SegmentedControl, Select } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { IdentityKind, IdentityList, ListedIdentity } from "@doppelwerk/client";
import { datedText, ListPart, LoadedCard, RowActions, useLoad, useStudio, useWords, type Column, type RowAction } from "@doppelwerk/ui";
import { shortDid, momentOf } from "./short-did.ts";
import "./identities.css";

const EVERY_MS = 15_000;
const LIMIT = 500;
const KINDS = [
  "session",
  "machine",
  "edge",
  "connector",
  "service",
  "assistant",
  "terminal",
  "avatar",
  "link",
] as const satisfies readonly IdentityKind[];
const ROLES = ["viewer", "operator", "engineer", "administrator"] as const;

/** Every identity that connects or ever connected, and what ends it. Those that the server itself opens have ids that say so. */
export default function IdentitiesCard(): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const [kind, setKind] = useState<string | null>(null);
  const [state, setState] = useState("now");
  const asked = { ...(kind !== null && { kind }), state, limit: LIMIT };
  const identities = useLoad((signal) => client.identities(asked, { signal }), [kind, state], EVERY_MS);
  return (
    <LoadedCard title={t("settings.identity.title")} note={(list) => countText(list, t)} loaded={identities}>
      {(list) => (
        <>
          <div className="dw-identity-filters">
            <SegmentedControl
              size="sm"
              aria-label={t("settings.identity.when")}
              value={state}
              onChange={setState}
              data={(["now", "ended"] as const).map((value) => ({ value, label: t(`settings.identity.when.${value}`) }))}
            />
            <Select
              size="sm"
              aria-label={t("settings.identity.kind")}
              placeholder={t("settings.identity.kindAny")}
              clearable
              value={kind}
              onChange={setKind}
              data={KINDS.map((value) => ({ value, label: t(`settings.identity.kind.${value}`) }))}
            />
          </div>
          <Identities list={list} onChanged={identities.reload} isEnded={state === "ended"} />
          {list.total > list.identities.length && (
            <p className="dw-fine">{t("settings.identity.more", { shown: list.identities.length, total: list.total })}</p>
          )}
          {list.rules && <p className="dw-fine">{t("settings.identity.rules")}</p>}
        </>
      )}
    </LoadedCard>
  );
}

type Translate = ReturnType<typeof useWords>["t"];

function countText({ counts }: IdentityList, t: Translate): string {
  const all = Object.values(counts);
  const sum = (of: "now" | "ended"): number => all.reduce((total, each) => total + each[of], 0);
  return t("settings.identity.counts", { now: sum("now"), ended: sum("ended") });
}

interface IdentitiesProps {
  readonly list: IdentityList;
  readonly onChanged: () => void;
  readonly isEnded: boolean;
}

function Identities({ list, onChanged, isEnded }: IdentitiesProps): ReactNode {
  const { t } = useWords();
  const columns: readonly Column<ListedIdentity>[] = [
    { title: t("settings.identity.who"), cell: (identity) => <Who identity={identity} /> },
    { title: t("settings.identity.may"), cell: (identity) => <May identity={identity} /> },
    { title: t("settings.identity.proof"), cell: (identity) => <Proof identity={identity} /> },
    { title: t("settings.identity.spoke"), cell: (identity) => <Spoke identity={identity} /> },
    { title: t(isEnded ? "settings.identity.endedWhen" : "settings.identity.state"), cell: (identity) => <State identity={identity} /> },
    ...(isEnded
      ? []
      : [{ title: "", cell: (identity: ListedIdentity) => <End identity={identity} onChanged={onChanged} isNamed={list.named} /> }]),
  ];
  return (
    <ListPart
      caption={t("settings.identity.title")}
      columns={columns}
      rows={list.identities}
      keyOf={({ id, ended }) => `${id} ${ended?.at ?? ""}`}
      empty={t(isEnded ? "settings.identity.noneEnded" : "settings.identity.none")}
      textOf={({ kind, name, did, issuer, agent, place, seen, enrolledBy, proof }) =>
        [
          t(`settings.identity.kind.${kind}`),
          name,
          did,
          issuer,
          agent,
          place,
          seen?.address,
          enrolledBy,
          t(`settings.identity.proof.${proof}`),
        ].join(" ")
      }
    />
  );
}

interface Of {
  readonly identity: ListedIdentity;
}

function Who({ identity: { id, kind, name, did, publishedAs, agent, place, own } }: Of): ReactNode {
  const { t } = useWords();
  const notes = [
    t(`settings.identity.kind.${kind === "connector" && id.startsWith("connection:") ? "connection" : kind}`),
    own === true && t("settings.identity.own"),
    place,
    agent !== undefined && agent.slice(0, 60),
    did !== undefined && shortDid(publishedAs ?? did),
  ];
  return (
    <>
      {name ?? t("settings.identity.nobody")}{" "}
      <small className="dw-row-note" title={publishedAs ?? did ?? agent}>
        {notes.filter(Boolean).join(" · ")}
      </small>
    </>
  );
}

function May({ identity: { id, kind, roles, places, commands } }: Of): ReactNode {
  const { t, zone, language } = useWords();
  const studio = useStudio();
  if (kind === "avatar" || kind === "link") return t(`settings.identity.may.${kind}`);
  if (id.startsWith("connection:"))
    return t(`settings.identity.${kind === "service" ? "mayTell" : commands === true ? "mayPlantCommands" : "mayPlant"}`);
  const known = ROLES.filter((role) => roles.includes(role)).at(-1);
  return (
    <>
      {known === undefined
        ? roles.join(", ")
        : t(`settings.identity.may.${known === "engineer" && kind !== "session" ? "engineerMachine" : known}`)}
      {places.map(({ role, place, until }) => (
        <small key={`${role} ${place} ${until}`} className="dw-row-note dw-identity-place">
          {place === undefined ? t("settings.identity.everywhere", { role }) : t("settings.identity.atPlace", { role, place })}
          {until !== undefined && ` · ${t("settings.identity.until", { time: datedText(momentOf(until), studio.now(), zone, language) })}`}
        </small>
      ))}
    </>
  );
}

function Proof({ identity: { id, proof, issuer, enrolledBy, since } }: Of): ReactNode {
  const { t, zone, language } = useWords();
  const studio = useStudio();
  const notes = [
    issuer !== undefined && t("settings.identity.issuedBy", { issuer: shortDid(issuer) }),
    enrolledBy !== undefined && t("settings.identity.enrolledBy", { name: enrolledBy }),
    since !== undefined && t("settings.identity.since", { time: datedText(momentOf(since), studio.now(), zone, language) }),
  ];
  return (
    <>
      {t(proof === "none" && id.startsWith("connection:") ? "settings.identity.proofAnonymous" : `settings.identity.proof.${proof}`)}{" "}
      <small className="dw-row-note" title={issuer}>
        {notes.filter(Boolean).join(" · ")}
      </small>
    </>
  );
}

function Spoke({ identity: { seen, ended } }: Of): ReactNode {
  const { t, zone, language } = useWords();
  const studio = useStudio();
  if (seen === undefined) return "–";
  return (
    <>
      {datedText(momentOf(seen.time), studio.now(), zone, language)}{" "}
      <small className="dw-row-note">{seen.address ?? (ended === undefined ? "" : t("settings.identity.addressGone"))}</small>
    </>
  );
}

function State({ identity: { id, kind, state, open, ended } }: Of): ReactNode {
  const { t, zone, language } = useWords();
  const studio = useStudio();
  if (ended === undefined)
    return (
      <>
        {t(
          id.startsWith("connection:")
            ? connectionState(state)
            : kind === "avatar"
              ? "settings.identity.state.here"
              : `settings.identity.state.${state}`,
        )}{" "}
        {open !== undefined && open > 0 && <small className="dw-row-note">{t("settings.identity.openNow", { count: open })}</small>}
      </>
    );
  return (
    <>
      {datedText(momentOf(ended.at), studio.now(), zone, language)}{" "}
      <small className="dw-row-note">
        {t(`settings.identity.why.${ended.why}`)}
        {ended.by !== undefined && ` · ${ended.by}`}
      </small>
    </>
  );
}

function End({ identity, onChanged, isNamed }: Of & { readonly onChanged: () => void; readonly isNamed: boolean }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { id, kind, name = t("settings.identity.nobody"), state, own } = identity;
  const run = endingOf(studio.client, identity);
  if (run === undefined || own === true) return null;
  const { switched, publishedAs } = identity;
  const isConnection = switched === true && kind !== "link";
  const open: RowAction = { label: t("settings.identity.open"), run: () => studio.client.openIdentity(id, true) };
  const end: RowAction = {
    label: t("settings.identity.end"),
    question: {
      title: t(isConnection ? "settings.identity.endConnection" : "settings.identity.endTitle"),
      text: t(`settings.identity.endText.${ENDED_AS[kind] ?? (isConnection ? "connection" : "machine")}`, { name }),
    },
    run,
  };
  const publish: RowAction = {
    label: t(`settings.identity.${publishedAs === undefined ? "publish" : "unpublish"}`),
    run: () => studio.client.publishIdentity(id, publishedAs === undefined),
  };
  const actions = [isConnection && state === "disabled" ? open : end, ...(isConnection && isNamed ? [publish] : [])];
  return <RowActions actions={actions} onDone={onChanged} failed={t("settings.identity.notEnded")} />;
}

const ENDED_AS = { session: "session", avatar: "session", terminal: "terminal", link: "link" } as Partial<
  Record<IdentityKind, "session" | "terminal" | "link">
>;

function connectionState(state: ListedIdentity["state"]) {
  return `settings.identity.connection.${state === "open" || state === "disabled" ? state : "waiting"}` as const;
}

function endingOf(client: ReturnType<typeof useStudio>["client"], identity: ListedIdentity): (() => Promise<void>) | undefined {
  const { id, person, session, switched } = identity;
  if (switched === true) return () => client.openIdentity(id, false);
  if (session !== undefined && person !== undefined) return () => client.endSession(person, session);
  if (id.startsWith("session:") && person !== undefined) return () => client.endSession(person, id.slice("session:".length));
  if (id.startsWith("machine:")) return () => client.removeMachine(id);
  return id.startsWith("terminal:") ? () => client.removeTerminal(id) : undefined;
}
