import { Button, NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { LinkedTerminal, ListedAccount, ListedTerminal, TerminalList } from "@doppelwerk/client";
import {
  CardPart,
  Form,
  ListPart,
  LoadedCard,
  RowActions,
  ShownOnce,
  useLoad,
  useSentForm,
  useStudio,
  useWords,
  type Column,
} from "@doppelwerk/ui";

interface Read extends TerminalList {
  readonly accounts: readonly ListedAccount[];
}

/** Browsers that places share. */
export default function TerminalsCard(): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const [linked, setLinked] = useState<LinkedTerminal | undefined>(undefined);
  const loaded = useLoad<Read>(async (signal) => {
    const [list, accounts] = await Promise.all([client.terminals({ signal }), client.accounts({ signal })]);
    return { ...list, accounts };
  }, []);
  const link = (made: LinkedTerminal): void => {
    setLinked(made);
    loaded.reload();
  };
  const columns: readonly Column<ListedTerminal>[] = [
    { title: t("settings.itemName"), cell: (terminal) => <Named terminal={terminal} /> },
    { title: t("settings.accountState"), cell: (terminal) => <State terminal={terminal} /> },
    { title: "", cell: (terminal) => <Tools terminal={terminal} onLinked={link} onChanged={loaded.reload} /> },
  ];
  return (
    <LoadedCard
      title={t("settings.terminals")}
      note={({ terminals }) => t("settings.terminalCount", { count: terminals.length })}
      loaded={loaded}
    >
      {({ terminals, people, accounts }) => (
        <>
          <ListPart
            caption={t("settings.terminals")}
            columns={columns}
            rows={terminals}
            keyOf={({ id }) => id}
            empty={t("settings.terminalsNone")}
            textOf={({ name, place, signedIn }) => [name, place, signedIn].join(" ")}
          />
          {linked !== undefined && (
            <ShownOnce
              label={t("settings.terminalLink", { name: linked.terminal.name })}
              text={`${location.origin}/terminal#${linked.token}`}
            />
          )}
          <NewTerminal onLinked={link} />
          <CardPart
            title={t("settings.badges", {
              pins: people.filter(({ pin }) => pin).length,
              badges: people.filter(({ badge }) => badge).length,
            })}
          >
            <Badge accounts={accounts} people={people} onChanged={loaded.reload} />
          </CardPart>
        </>
      )}
    </LoadedCard>
  );
}

function Named({ terminal: { name, place } }: { readonly terminal: ListedTerminal }): ReactNode {
  return (
    <>
      {name} <small className="dw-quiet">{place}</small>
    </>
  );
}

function State({ terminal: { since, signedIn, idleS, signOffAt } }: { readonly terminal: ListedTerminal }): ReactNode {
  const { t } = useWords();
  const notes = [
    t("settings.terminalIdle", { seconds: idleS }),
    signOffAt.length > 0 && t("settings.terminalShifts", { times: signOffAt.join(", ") }),
  ];
  return (
    <>
      {since === undefined
        ? t("settings.terminalWaits")
        : signedIn === undefined
          ? t("terminal.nobody")
          : t("settings.terminalSignedIn", { name: signedIn })}{" "}
      <small className="dw-row-note">{notes.filter(Boolean).join(" · ")}</small>
    </>
  );
}

interface ToolsProps {
  readonly terminal: ListedTerminal;
  readonly onLinked: (made: LinkedTerminal) => void;
  readonly onChanged: () => void;
}

function Tools({ terminal: { id, name }, onLinked, onChanged }: ToolsProps): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  return (
    <RowActions
      onDone={onChanged}
      actions={[
        { label: t("settings.inviteAgain"), run: async () => onLinked(await client.linkTerminal(id)) },
        {
          label: t("settings.removeAccount"),
          question: { title: t("settings.removeTerminal"), text: t("settings.removeTerminalText", { name }) },
          run: () => client.removeTerminal(id),
        },
      ]}
    />
  );
}

const EMPTY = { name: "", place: "", idleS: 90 as number | string, shifts: "", badgeNeedsPin: false };

function NewTerminal({ onLinked }: { readonly onLinked: (made: LinkedTerminal) => void }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const form = useSentForm(EMPTY, async ({ name, place, idleS, shifts, badgeNeedsPin }) => {
    const signOffAt = shifts.split(/[\s,]+/).filter((time) => time !== "");
    onLinked(await client.createTerminal({ name, place, idleS: Number(idleS), badgeNeedsPin, signOffAt }));
    form.set({ name: "", place: "" });
  });
  return (
    <Form form={form} submit={t("settings.addTerminal")} isWhole={form.values.name.trim() !== ""}>
      <TextInput label={t("settings.terminalName")} maxLength={60} {...form.field("name")} />
      <TextInput label={t("settings.terminalPlace")} maxLength={60} {...form.field("place")} />
      <NumberInput label={t("settings.terminalIdleS")} min={10} max={3_600} suffix=" s" {...form.field("idleS")} />
      <TextInput label={t("settings.terminalShiftEnds")} placeholder="06:00, 14:00, 22:00" {...form.field("shifts")} />
      <Switch label={t("settings.terminalBadgePin")} {...form.field("badgeNeedsPin", { type: "checkbox" })} />
    </Form>
  );
}

interface BadgeProps {
  readonly accounts: readonly ListedAccount[];
  readonly people: TerminalList["people"];
  readonly onChanged: () => void;
}

const NO_BADGE = { account: null as string | null, number: "" };

/** The number is typed by a reader, which ends it with Enter. */
function Badge({ accounts, people, onChanged }: BadgeProps): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const save = async (account: string | null, badge: string | undefined): Promise<void> => {
    await client.setBadge(account!, badge);
    form.set({ number: "" });
    onChanged();
  };
  const form = useSentForm(NO_BADGE, ({ account, number }) => save(account, number));
  const { account, number } = form.values;
  const isKnown = people.some((each) => each.account === account);
  return (
    <Form
      form={form}
      submit={t("settings.badgeSave")}
      isWhole={account !== null && number.trim().length >= 4}
      buttons={
        isKnown && (
          <Button variant="default" color="red" loading={form.task.busy} onClick={() => form.task.run(() => save(account, undefined))}>
            {t("settings.badgeRemove")}
          </Button>
        )
      }
    >
      <Select
        label={t("settings.badgeOf")}
        data={accounts.map(({ id, name }) => ({ value: id, label: name }))}
        searchable
        limit={50}
        {...form.field("account")}
      />
      <TextInput label={t("settings.badge")} description={t("settings.badgeHint")} autoComplete="off" {...form.field("number")} />
    </Form>
  );
}
