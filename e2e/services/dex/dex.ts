import { NotHere, type Service } from '../service.ts';

export const dex: Service = {
  title: 'Dex',
  inPipeline: false,
  async prepare() {
    throw new NotHere('not yet');
  },
};
