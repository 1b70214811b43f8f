export function step(name: string): (remark?: string) => void;
export function tell(text: string): void;
export function heading(): void;
