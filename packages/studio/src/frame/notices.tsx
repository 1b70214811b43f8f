import { ActionIcon, UnstyledButton } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { ErrorCode, useStore, useStudio, useWords } from "@doppelwerk/ui";

/** What was just done or refused, at the foot of the view, gone after a few seconds. */
export function Notices(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const notices = useStore(studio.notices);
  return (
    <div className="dw-notices" aria-live="polite">
      {notices.map((notice) => (
        <div key={notice.id} className={`dw-notice is-${notice.tone}`}>
          <span>
            {notice.text}
            {notice.detail !== undefined && <small>{notice.detail}</small>}
            <ErrorCode code={notice.code} />
          </span>
          {notice.action !== undefined && (
            <UnstyledButton
              className="dw-text-link"
              onClick={() => {
                studio.dismiss(notice.id);
                notice.action!.run();
              }}
            >
              {notice.action.label}
            </UnstyledButton>
          )}
          <ActionIcon variant="subtle" color="gray" size={22} aria-label={t("frame.close")} onClick={() => studio.dismiss(notice.id)}>
            <IconX size={14} />
          </ActionIcon>
        </div>
      ))}
    </div>
  );
}
