// Shares a spreadsheet, or takes that back.

import { z } from 'zod';
import { invalid } from '../errors.ts';
import { granteeOf, share } from '../sheets/share.ts';
import { defineTool, spreadsheet } from './tool.ts';

export const shareSpreadsheet = defineTool({
  name: 'share_spreadsheet',
  title: 'Share a spreadsheet',
  description:
    'Sets the role of one address, of a Workspace domain, or of anyone who has the link; none takes access away.',
  toolset: 'share',
  access: 'destroy',
  idempotent: true,
  guarantee: {
    level: 'at most once',
    unsure: 'repeat it: what stands so already is left alone',
  },
  input: z.strictObject({
    spreadsheet,
    email: z
      .string()
      .max(320)
      .regex(/^[^@\s]+@[^@\s]+$/, 'expected an e-mail address')
      .optional(),
    domain: z
      .string()
      .max(253)
      .regex(/^[^@\s.]+(\.[^@\s.]+)+$/, 'expected a domain such as example.com')
      .optional(),
    anyone: z.boolean().optional(),
    role: z.enum(['reader', 'commenter', 'writer', 'none']),
    notify: z.boolean().optional().describe('Mail a new address'),
  }),
  output: z.strictObject({
    status: z.enum(['applied', 'unchanged']),
    was: z.string().optional().describe('Role before; absent for none'),
  }),
  example: { spreadsheet: '1mHIWnDvW9cALRMq9OdNfRwjAthCUFUOACPp0Lkyl7b4', email: 'ann@example.com', role: 'reader' },
  async run({ spreadsheet, role, notify = false, ...named }, { sheets }) {
    const grantee = granteeOf(named);
    if (notify && (grantee.type !== 'user' || role === 'none')) {
      throw invalid('notify is for an email that is given a role: nobody else is mailed.', 'Leave notify out.');
    }
    return sheets.onFile(spreadsheet, (file) => share(file, grantee, role, notify));
  },
});
