import { Button, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  Card,
  DataTable,
  dateText,
  durationText,
  useLoad,
  useMayAdminister,
  useStudio,
  useTask,
  useWords,
  taskError,
} from "@doppelwerk/kit/studio";
import type { Column } from "@doppelwerk/kit/studio";
import { DAY } from "@doppelwerk/world";
import * as calls from "../calls.ts";
import type { Grant } from "../contract.ts";
import type {} from "../message-codes.ts";
import { EndButton } from "./end-button.tsx";
import { LoadedList } from "./loaded-list.tsx";
import "./links.css";

const EVERY_MS = 10_000;
const TERMS = { ever: undefined, day: DAY, month: 30 * DAY } as const;
type Term = keyof typeof TERMS;

/** What other worlds may read of this one, each by a key that is shown once; for those who may administer it. */
export default function GrantsCard(): ReactNode {
  return useMayAdminister() === true ? <Grants /> : null;
}

function Grants(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [changes, setChanges] = useState(0);
  const [made, setMade] = useState<{ readonly label: string; readonly key: string }>();
  const loaded = useLoad((signal) => calls.grants(studio.client, {}, { signal }), [], EVERY_MS, changes);
  const reload = (): void => setChanges((count) => count + 1);
  return (
    <Card title={t("links.grants")}>
      <LoadedList loaded={loaded}>{({ grants }) => <GrantTable grants={grants} onChanged={reload} />}</LoadedList>
      {made !== undefined && (
        <p role="status" className="dw-links-key">
          {t("links.keyOnce", { label: made.label })} <code>{made.key}</code>
        </p>
      )}
      <NewGrant
        onMade={(key) => {
          setMade(key);
          reload();
        }}
      />
    </Card>
  );
}

function GrantTable({ grants, onChanged }: { readonly grants: readonly Grant[]; readonly onChanged: () => void }): ReactNode {
  const { t } = useWords();
  if (grants.length === 0) return <p className="dw-fine">{t("links.grantEmpty")}</p>;
  const columns: readonly Column<Grant>[] = [
    { title: t("links.forWhom"), cell: ({ label }) => label },
    { title: t("links.what"), cell: ({ covers }) => t("links.shows", covers) },
    { title: t("links.state"), cell: (grant) => <GrantState grant={grant} /> },
    { title: "", cell: (grant) => <RevokeGrant grant={grant} onRevoked={onChanged} /> },
  ];
  return <DataTable caption={t("links.grants")} columns={columns} rows={grants} keyOf={({ id }) => id} />;
}

function GrantState({ grant: { used, expires, isExpired } }: { readonly grant: Grant }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  if (isExpired) return t("links.grantExpired");
  const use =
    used === undefined
      ? t("links.grantUnused")
      : t("links.grantUsed", { duration: durationText(Math.max(0, studio.now() - used), language) });
  return (
    <>
      {use}
      {expires !== undefined && <small className="dw-quiet"> {t("links.expires", { time: dateText(expires, zone, language) })}</small>}
    </>
  );
}

function RevokeGrant({ grant: { id, label }, onRevoked }: { readonly grant: Grant; readonly onRevoked: () => void }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const revoke = () => calls.revoke(client, { params: { grant: id } });
  return <EndButton text={t("links.revoke")} label={t("links.revokeLabel", { label })} end={revoke} onEnded={onRevoked} />;
}

function NewGrant({ onMade }: { readonly onMade: (made: { readonly label: string; readonly key: string }) => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const task = useTask();
  const offers = useLoad((signal) => calls.offers(studio.client, {}, { signal }), []);
  const [shell, setShell] = useState<string | null>(null);
  const [label, setLabel] = useState("");
  const [term, setTerm] = useState<Term>("ever");
  const make = (): void =>
    task.run(async () => {
      const span = TERMS[term];
      const expires = span === undefined ? {} : { expires: studio.now() + span };
      const { grant, key } = await calls.grant(studio.client, {
        body: { places: [shell ?? ""], shells: [], signals: [], label: label.trim(), ...expires },
      });
      setLabel("");
      onMade({ label: grant.label, key });
    });
  const shells = offers.value?.shells ?? [];
  return (
    <form
      className="dw-links-form"
      onSubmit={(event) => {
        event.preventDefault();
        make();
      }}
    >
      <Select
        label={t("links.what")}
        searchable
        value={shell}
        error={taskError(task)}
        data={shells.map(({ id, name, contains }) => ({ value: id, label: t("links.holds", { name, count: contains }) }))}
        onChange={setShell}
      />
      <TextInput label={t("links.forWhom")} maxLength={60} value={label} onChange={(event) => setLabel(event.currentTarget.value)} />
      <Select
        label={t("links.until")}
        allowDeselect={false}
        value={term}
        data={(Object.keys(TERMS) as readonly Term[]).map((value) => ({ value, label: t(`links.until.${value}`) }))}
        onChange={(value) => setTerm((value ?? "ever") as Term)}
      />
      <Button type="submit" variant="default" loading={task.busy} disabled={shell === null || label.trim() === ""}>
        {t("links.grant")}
      </Button>
    </form>
  );
}
