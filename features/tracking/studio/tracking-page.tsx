import { Button, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { FormEvent, ReactNode } from "react";
import { Card, Empty, Failure, momentText, useLoad, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { KnownThing } from "../contract.ts";
import type {} from "../message-codes.ts";
import { HoldList } from "./hold-list.tsx";
import { ThingView } from "./thing-view.tsx";
import "./tracking.css";

const SHOWN = 20;

/** Things are found by a scan or a part of their identifier; one of them is shown with all it is made of and all it went into. */
export default function TrackingPage(): ReactNode {
  const studio = useStudio();
  const { detail } = useStore(studio.address.store);
  const open = (thing: string): void => studio.address.go({ detail: thing });
  return (
    <div className="dw-page dw-tracking">
      <div className="dw-tracking-side">
        <Search onOpen={open} />
        <HoldList onOpen={open} />
      </div>
      {detail === undefined ? <NothingChosen /> : <ThingView key={detail} thing={detail} onOpen={open} />}
    </div>
  );
}

function NothingChosen(): ReactNode {
  const { t } = useWords();
  return <Empty title={t("tracking.choose")} text={t("tracking.chooseText")} />;
}

function Search({ onOpen }: { readonly onOpen: (thing: string) => void }): ReactNode {
  const { t } = useWords();
  const [text, setText] = useState("");
  const [asked, setAsked] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setAsked(text.trim());
  };
  return (
    <Card title={t("tracking.search")}>
      <form className="dw-tracking-search" onSubmit={submit}>
        <TextInput
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          aria-label={t("tracking.identifier")}
          placeholder={t("tracking.identifierExample")}
          leftSection={<IconSearch size={16} />}
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
        />
        <Button type="submit" variant="default">
          {t("tracking.find")}
        </Button>
      </form>
      <Found asked={asked} onOpen={onOpen} />
    </Card>
  );
}

function Found({ asked, onOpen }: { readonly asked: string; readonly onOpen: (thing: string) => void }): ReactNode {
  const { t } = useWords();
  const loaded = useLoad({
    key: ["GET /tracking/things", asked],
    run: ({ client }, signal) => calls.things(client, { query: { find: asked, limit: SHOWN } }, { signal }),
  });
  if (loaded.value === undefined)
    return loaded.kind === "failed" ? (
      <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
    ) : (
      <p className="dw-quiet-text" role="status">
        {t("frame.loading")}
      </p>
    );
  if (loaded.value.length === 0) return <p className="dw-quiet-text">{t(asked === "" ? "tracking.noneYet" : "tracking.nothingFound")}</p>;
  return (
    <>
      {asked === "" && <p className="dw-quiet-text">{t("tracking.latest")}</p>}
      <ul className="dw-tracking-list">
        {loaded.value.map((each) => (
          <FoundThing key={each.name} thing={each} onOpen={onOpen} />
        ))}
      </ul>
    </>
  );
}

function FoundThing({ thing, onOpen }: { readonly thing: KnownThing; readonly onOpen: (thing: string) => void }): ReactNode {
  const { language, zone } = useWords();
  return (
    <li>
      <button type="button" className="dw-tracking-thing" onClick={() => onOpen(thing.name)}>
        <b>{thing.short}</b>
        {thing.last !== undefined && (
          <small>
            {thing.last.place.name} · {momentText(thing.last.at, zone, language, false)}
          </small>
        )}
      </button>
    </li>
  );
}
