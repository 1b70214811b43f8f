import { Button, UnstyledButton } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { AddressLink, answerOf, Failure, inLanguage, useLoad, useScope, useStudio, useWords, Waiting } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { ListedBoard } from "../contract.ts";
import { BoardSettings } from "./board-settings.tsx";
import type {} from "../message-codes.ts";

/** Records that change what is listed. */
export const BOARD_KINDS = ["board", "boardTile"] as const;

export function BoardList(): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { branch } = useScope();
  const loaded = useLoad(answerOf(calls.list, { query: { branch } }, { kinds: BOARD_KINDS }));
  const known = useLoad(answerOf(calls.kinds, {}));
  const [template, setTemplate] = useState<string | undefined>(undefined);
  const [isMade, setMade] = useState(false);
  const begin = (of: string | undefined): void => {
    setTemplate(of);
    setMade(true);
  };
  const boards = loaded.value;
  if (boards === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  const templates = known.value?.templates ?? [];
  const named = templates.find(({ id }) => id === template);
  return (
    <div className="dw-page dw-boards">
      <div className="dw-boards-head">
        <h2>{t("boards.yours")}</h2>
        <span className="dw-grow" />
        <Button size="compact-sm" leftSection={<IconPlus size={14} />} onClick={() => begin(undefined)}>
          {t("boards.make")}
        </Button>
      </div>
      {boards.length === 0 ? (
        <p className="dw-quiet-text">{t("boards.emptyText")}</p>
      ) : (
        <ul className="dw-boards-list">
          {boards.map((board) => (
            <li key={board.id}>
              <AddressLink to={{ detail: board.id }} className="dw-boards-link">
                <b>{board.title}</b>
                <small>{aboutOf(board, t)}</small>
              </AddressLink>
            </li>
          ))}
        </ul>
      )}
      <Templates templates={templates} onBegin={begin} />
      {isMade && (
        <BoardSettings
          title={t("boards.make")}
          submit={t("boards.make")}
          fields={{
            title: named === undefined ? "" : inLanguage(named.title, language),
            sharing: { with: "nobody" },
            editors: "owner",
            wallS: 30,
          }}
          onClose={() => setMade(false)}
          onSet={async (fields) => {
            const made = await calls.add(studio.client, {
              query: { branch },
              body: { ...fields, ...(template !== undefined && { template }) },
            });
            studio.address.go({ detail: made.id });
          }}
        />
      )}
    </div>
  );
}

function Templates({
  templates,
  onBegin,
}: {
  readonly templates: Awaited<ReturnType<typeof calls.kinds>>["templates"];
  readonly onBegin: (template: string) => void;
}): ReactNode {
  const { t, language } = useWords();
  return (
    <>
      <h2 className="dw-boards-templates">{t("boards.templates")}</h2>
      <ul className="dw-boards-list">
        {templates.map(({ id, title, about }) => (
          <li key={id}>
            <UnstyledButton className="dw-boards-template" onClick={() => onBegin(id)}>
              <b>{inLanguage(title, language)}</b>
              <small>{inLanguage(about, language)}</small>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </>
  );
}

function aboutOf({ isMine, owner, tiles, sharing }: ListedBoard, t: ReturnType<typeof useWords>["t"]): string {
  return [t("boards.tiles", { count: tiles }), isMine ? t("boards.mine") : owner, t("boards.sharingWith", { with: sharing.with })].join(
    " · ",
  );
}
