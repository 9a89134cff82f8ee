// The registry of circuits: one per service, one per spreadsheet. Decides which a call passes; opens none itself.

import type { Call } from '../call.ts';
import type { Clock } from '../clock.ts';
import type { Emit } from '../events.ts';
import { type Circuit, type CircuitSnapshot, createCircuit, type StateName } from './circuit.ts';

/** Circuit of each API, and of the token endpoint; the service as metrics name it. */
export const SERVICES = {
  google_sheets_api: 'google_sheets',
  google_drive_api: 'google_drive',
  google_oauth: 'google_oauth',
} as const;
export type ServiceCircuit = keyof typeof SERVICES;

const CIRCUIT_OF_API = { sheets: 'google_sheets_api', drive: 'google_drive_api' } as const;

/** Circuits of spreadsheets kept; one that is not closed is never dropped. */
const MAX_SPREADSHEETS = 1_000;

export interface CircuitThresholds {
  readonly failureThreshold: number;
  readonly successThreshold: number;
  readonly openMs: number;
  readonly resetMs: number;
}

export interface ResetResult {
  readonly circuit: string;
  readonly from: StateName;
  readonly to: 'closed';
  readonly probeFailed: boolean;
}

export interface Circuits {
  service(name: ServiceCircuit): Circuit;
  /** The service's circuit and, where the call has a spreadsheet, that one's. */
  of(call: Pick<Call, 'api' | 'scope'>): { readonly service: Circuit; readonly spreadsheet: Circuit | undefined };
  find(name: string): Circuit | undefined;
  /** A service's reset takes the circuits of its spreadsheets with it. */
  reset(name: string): ResetResult[];
  resetAll(): ResetResult[];
  snapshots(): CircuitSnapshot[];
}

export function createCircuits(options: CircuitThresholds & { clock: Clock; emit: Emit }): Circuits {
  const services = new Map<string, Circuit>(
    Object.entries(SERVICES).map(([name, service]) => [
      name,
      createCircuit({ ...options, name, service, spread: true }),
    ]),
  );
  /** In order of last use. */
  const spreadsheets = new Map<string, Circuit>();

  function spreadsheet(id: string): Circuit {
    const name = `spreadsheet:${id}`;
    const circuit =
      spreadsheets.get(name) ?? createCircuit({ ...options, name, service: SERVICES.google_sheets_api, spread: false });
    spreadsheets.delete(name);
    spreadsheets.set(name, circuit);
    if (spreadsheets.size > MAX_SPREADSHEETS) {
      for (const [old, own] of spreadsheets) {
        if (!own.closed() || old === name) continue;
        spreadsheets.delete(old);
        break;
      }
    }
    return circuit;
  }

  function service(name: ServiceCircuit): Circuit {
    const circuit = services.get(name);
    if (!circuit) throw new RangeError(`no circuit ${name}`);
    return circuit;
  }

  const all = () => [...services.values(), ...spreadsheets.values()];
  const resetOne = (circuit: Circuit): ResetResult => ({ circuit: circuit.name, ...circuit.reset(), to: 'closed' });

  return {
    service,
    of: (call) => ({
      service: service(CIRCUIT_OF_API[call.api]),
      spreadsheet: call.scope === null || call.api !== 'sheets' ? undefined : spreadsheet(call.scope),
    }),
    find: (name) => services.get(name) ?? spreadsheets.get(name),
    reset: (name) => {
      const circuit = services.get(name) ?? spreadsheets.get(name);
      if (!circuit) return [];
      // Closed ones forget their failures too, but only a change is worth telling.
      const also = name === 'google_sheets_api' ? [...spreadsheets.values()].map(resetOne) : [];
      return [resetOne(circuit), ...also.filter(({ from }) => from !== 'closed')];
    },
    resetAll: () => {
      const told = [...services.values()].map(resetOne);
      return [...told, ...[...spreadsheets.values()].map(resetOne).filter(({ from }) => from !== 'closed')];
    },
    snapshots: () => all().map((circuit) => circuit.snapshot()),
  };
}
