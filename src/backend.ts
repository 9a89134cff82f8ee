// Which backend the settings mean, and with which credential. Holds secrets, and shows none of them.

import { z } from 'zod';
import type { Fault, Values } from './config.ts';

/** What GOOGLE_SERVICE_ACCOUNT_KEY may be. */
export const KEY_ACCEPTS = 'a path to the key file, its JSON, or its JSON in base64';

export interface ServiceAccountKey {
  readonly client_email: string;
  readonly private_key: string;
}

export type Credential =
  | { readonly kind: 'access_token'; readonly accessToken: string }
  | { readonly kind: 'service_account'; readonly key: ServiceAccountKey }
  | { readonly kind: 'application_default' };

export type Backend =
  | { readonly kind: 'embedded'; readonly why: string }
  | { readonly kind: 'google'; readonly why: string; readonly credential: Credential };

/** The backend; what is wrong with its settings is added to `faults`. `readText` opens a key file. */
export function chooseBackend(values: Values, readText: (path: string) => string, faults: Fault[]): Backend {
  const { GOOGLE_ACCESS_TOKEN: token, GOOGLE_SERVICE_ACCOUNT_KEY: key, GOOGLE_APPLICATION_CREDENTIALS: file } = values;
  if (values.SHEETS_BACKEND === 'embedded') return { kind: 'embedded', why: 'SHEETS_BACKEND=embedded' };
  if (token !== undefined && key !== undefined) {
    faults.push({
      variable: 'GOOGLE_ACCESS_TOKEN',
      problem: 'GOOGLE_SERVICE_ACCOUNT_KEY is set too, so the account is ambiguous',
      accepted: 'one of the two',
    });
  }
  if (token !== undefined) {
    const credential = { kind: 'access_token', accessToken: token } as const;
    return { kind: 'google', why: 'GOOGLE_ACCESS_TOKEN is set', credential };
  }
  if (key !== undefined) {
    const decoded = decodeKey(key, readText);
    if (typeof decoded !== 'string') {
      const credential = { kind: 'service_account', key: decoded } as const;
      return { kind: 'google', why: `service account ${decoded.client_email}`, credential };
    }
    faults.push({ variable: 'GOOGLE_SERVICE_ACCOUNT_KEY', problem: decoded, accepted: KEY_ACCEPTS });
  }
  const credential = { kind: 'application_default' } as const;
  if (file !== undefined) return { kind: 'google', why: 'GOOGLE_APPLICATION_CREDENTIALS is set', credential };
  if (values.SHEETS_BACKEND === 'google') return { kind: 'google', why: 'SHEETS_BACKEND=google', credential };
  if (values.GOOGLE_API_ROOT_URL !== undefined) {
    faults.push({
      variable: 'GOOGLE_API_ROOT_URL',
      problem: 'no Google credential is set, so the embedded backend would be used in its place',
      accepted:
        'together with GOOGLE_ACCESS_TOKEN (any word for a server that asks for none), GOOGLE_SERVICE_ACCOUNT_KEY, ' +
        'GOOGLE_APPLICATION_CREDENTIALS, or SHEETS_BACKEND=google; with SHEETS_BACKEND=embedded it is ignored',
    });
  }
  return { kind: 'embedded', why: 'no Google credential is configured' };
}

const serviceAccountKey = z.object({ client_email: z.string().min(3), private_key: z.string().min(20) });

/** The key, or what is wrong with it: in words that hold nothing of it. */
function decodeKey(value: string, readText: (path: string) => string): ServiceAccountKey | string {
  let json = value;
  if (!value.startsWith('{')) {
    const decoded = /^[A-Za-z0-9+/_=\s-]+$/.test(value) ? Buffer.from(value, 'base64').toString('utf8') : '';
    if (decoded.trimStart().startsWith('{')) json = decoded;
    else {
      try {
        json = readText(value);
      } catch {
        return 'neither JSON nor base64 of JSON, and no file of that name can be read';
      }
    }
  }
  try {
    const parsed = serviceAccountKey.safeParse(JSON.parse(json));
    return parsed.success ? parsed.data : 'the JSON lacks client_email or private_key: it is no service account key';
  } catch {
    return 'the key is not valid JSON';
  }
}
