import { Menu, Tooltip, UnstyledButton } from "@mantine/core";
import {
  IconAlertTriangle,
  IconBox,
  IconChartLine,
  IconDots,
  IconGitFork,
  IconHierarchy2,
  IconLayoutDashboard,
  IconList,
  IconPlug,
  IconSettings,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useStore, useStudio, useWords, views } from "@doppelwerk/ui";
import type { ViewName } from "@doppelwerk/ui";
import { viewKeys } from "./actions.ts";

const icons = {
  world: IconBox,
  board: IconLayoutDashboard,
  alarms: IconAlertTriangle,
  trends: IconChartLine,
  assets: IconHierarchy2,
  decide: IconGitFork,
  changes: IconList,
  connect: IconPlug,
  settings: IconSettings,
} as const;
/** A phone's bar holds five; the rest stand behind the dots. */
const onPhone: readonly ViewName[] = ["world", "board", "alarms", "decide"];

export function Nav(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { view } = useStore(studio.address.store);
  const snapshot = useStore(studio.snapshot);
  const unacknowledged = snapshot?.alarms.filter((alarm) => alarm.state === "unacknowledged" && alarm.priority < 4) ?? [];
  const gravest = Math.min(4, ...unacknowledged.map((alarm) => alarm.priority));
  const go = (name: ViewName): void => studio.address.go({ view: name, detail: undefined });
  return (
    <nav className="dw-nav" aria-label={t("frame.goTo", { name: "" })}>
      <div className="dw-mark" aria-hidden>
        <svg viewBox="0 0 24 24" width="26" height="26" fill="none" strokeWidth="2.6">
          <path d="M4 4.5h5a7.5 7.5 0 0 1 0 15H4z" stroke="currentColor" />
          <path d="M13.5 4.5a7.5 7.5 0 0 1 0 15" stroke="var(--dw-violet)" strokeLinecap="round" />
        </svg>
      </div>
      {views.map((name) => {
        const Icon = icons[name];
        return (
          <Tooltip key={name} label={`${t(`view.${name}`)}  G ${viewKeys[name]}`} position="right" openDelay={300}>
            <UnstyledButton
              className={`dw-nav-item ${view === name ? "is-on" : ""} ${onPhone.includes(name) ? "" : "dw-wide"} ${name === "settings" ? "dw-nav-last" : ""}`}
              aria-label={t(`view.${name}`)}
              aria-current={view === name ? "page" : undefined}
              onClick={() => go(name)}
            >
              <Icon size={20} stroke={1.6} />
              <small>{t(`view.${name}`)}</small>
              {name === "alarms" && unacknowledged.length > 0 && <span className={`dw-count dw-p${gravest}`}>{unacknowledged.length}</span>}
            </UnstyledButton>
          </Tooltip>
        );
      })}
      <Menu position="top-end">
        <Menu.Target>
          <UnstyledButton className={`dw-nav-item dw-narrow ${onPhone.includes(view) ? "" : "is-on"}`} aria-label={t("frame.more")}>
            <IconDots size={20} />
            <small>{t("frame.more")}</small>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {views
            .filter((name) => !onPhone.includes(name))
            .map((name) => {
              const Icon = icons[name];
              return (
                <Menu.Item key={name} leftSection={<Icon size={16} />} onClick={() => go(name)}>
                  {t(`view.${name}`)}
                </Menu.Item>
              );
            })}
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}
