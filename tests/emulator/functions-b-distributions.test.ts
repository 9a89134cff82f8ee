// Probability distributions, their inverses and tests of hypotheses.

import { describe } from 'vitest';
import { check, refused, rows } from '../support/formula-cases.ts';

const PAIRS = rows([1, 2], [2, 4], [3, 5], [4, 4], [5, 5]);
const TENFOLD = rows([1, 10], [2, 20], [3, 30], [4, 40]);
const TABLES = rows([58, 11, 10], [35, 25, 23], [], [45.35, 17.56, 16.09], [47.65, 18.44, 16.91]);

describe('normal', () => {
  check([
    ['=NORM.DIST(0, 0, 1, FALSE)', 0.3989422804014327],
    ['=NORM.DIST(1, 0, 1, TRUE)', 0.841344746068543],
    ['=NORM.DIST(42, 40, 1.5, TRUE)', 0.9087887802741321],
    ['=NORMDIST(0, 0, 1, TRUE)', 0.5],
    ['=NORM.INV(0.5, 0, 1)', 0],
    ['=NORM.INV(0.975, 0, 1)', 1.959963986120195],
    ['=NORM.INV(NORM.DIST(1.5, 0, 1, TRUE), 0, 1)', 1.5000000013626391],
    ['=NORMSINV(0.025)', -1.959963986120195],
    ['=NORM.INV(0, 0, 1)', refused('NUM')],
    ['=NORM.S.DIST(0, TRUE)', refused('N_A')],
    ['=NORMSDIST(1.96)', 0.9750021048517795],
    ['=PHI(1)', 0.24197072451914337],
    ['=GAUSS(1)', 0.3413447460685429],
    ['=FISHER(0.5)', 0.5493061443340549],
    ['=FISHERINV(FISHER(0.75))', 0.75],
    ['=FISHER(1)', refused('NUM')],
    ['=LOGNORM.DIST(2, 0, 1, TRUE)', 0.7558914042144173],
    ['=LOGNORM.DIST(2, 0, 1, FALSE)', 0.1568740192789811],
    ['=LOGNORMDIST(1, 0, 1)', 0.5],
    ['=LOGINV(0.5, 0, 1)', 1],
    ['=ERF(1)', 0.8427007929497149],
    ['=ERF(-1)', -0.8427007929497149],
    ['=ERF(0, 1)', 0.8427007929497149],
    ['=ERFC(1)', 0.15729920705028513],
    ['=CONFIDENCE(0.05, 1, 100)', 0.1959963986120195],
    ['=CONFIDENCE.NORM(0.01, 2.5, 50)', 0.9106931848827708],
    ['=CONFIDENCE.T(0.05, 1, 25)', 0.4127797123256051],
    ['=CONFIDENCE.T(0.05, 2.5, 50)', 0.7104921387393245],
    ['=MARGINOFERROR(A1:A5, 0.05)', 0.04718417110127355, PAIRS],
  ]);
});

describe('continuous', () => {
  check([
    ['=BETA.DIST(0.5, 2, 2, TRUE, 0, 1)', 0.5],
    ['=BETA.DIST(0.5, 2, 2, FALSE, 0, 1)', 1.5],
    ['=BETADIST(5, 2, 3, 0, 10)', 0.6875],
    ['=BETA.INV(BETA.DIST(0.3, 2, 5, TRUE, 0, 1), 2, 5, 0, 1)', 0.3],
    ['=CHISQ.DIST(4, 4, TRUE)', 0.5939941502901616],
    ['=CHISQ.DIST(4, 4, FALSE)', 0.1353352832366127],
    ['=CHIDIST(18.307, 10)', 0.05000058909139814],
    ['=CHISQ.INV(0.5, 4)', 3.3566939800333224],
    ['=CHIINV(0.05, 10)', 18.307038053275146],
    ['=CHISQ.INV.RT(CHISQ.DIST.RT(5, 4), 4)', 5],
    ['=EXPON.DIST(1, 1, TRUE)', 0.6321205588285577],
    ['=EXPONDIST(0, 2, FALSE)', 2],
    ['=F.DIST(1, 5, 10, TRUE)', 0.5348805734622009],
    ['=F.DIST(1, 5, 10, FALSE)', 0.4954797834866456],
    ['=F.DIST.RT(1, 5, 10)', 0.465119426537799],
    ['=FINV(0.05, 5, 10)', 3.325834530413011],
    ['=F.INV(F.DIST(2, 5, 10, TRUE), 5, 10)', 2],
    ['=GAMMA(5)', 24],
    ['=GAMMA(0.5)', 1.7724538509055159],
    ['=GAMMA(-1)', refused('NUM')],
    ['=GAMMALN(10)', 12.801827480081469],
    ['=GAMMA.DIST(2, 2, 1, TRUE)', 0.5939941502901616],
    ['=GAMMADIST(2, 2, 1, FALSE)', 0.2706705664732254],
    ['=GAMMA.INV(GAMMA.DIST(2, 2, 1, TRUE), 2, 1)', 2],
    ['=GAMMAINV(0.5, 2, 1)', 1.678346990016661],
    ['=T.DIST(1.812, 10, TRUE)', 0.949962369],
    ['=T.DIST(0, 10, FALSE)', 0.3891083839660311],
    ['=T.DIST.2T(1.812, 10)', 0.100075262],
    ['=T.DIST.RT(0, 10)', 0.5],
    ['=TDIST(1.812, 10, 1)', 0.050037631],
    ['=T.INV(0.5, 10)', 0],
    ['=T.INV(T.DIST(1.5, 10, TRUE), 10)', 1.5],
    ['=TINV(0.05, 10)', 2.2281388519862744],
    ['=TDIST(1, 10, 3)', refused('NUM')],
    ['=WEIBULL(2, 2, 1, TRUE)', 0.9816843611112658],
    ['=WEIBULL.DIST(2, 2, 1, FALSE)', 0.07326255555493671],
  ]);
});

describe('counts', () => {
  check([
    ['=BINOM.DIST(5, 10, 0.5, FALSE)', 0.24609375],
    ['=BINOM.DIST(10, 10, 0.5, TRUE)', 1],
    ['=BINOM.DIST(3, 10, 0.25, TRUE)', 0.7758750915527344],
    ['=BINOMDIST(2, 5, 0.5, FALSE)', 0.3125],
    ['=BINOM.DIST(11, 10, 0.5, TRUE)', refused('NUM')],
    ['=BINOM.DIST(500, 1000, 0.5, FALSE)', 0.02522501818],
    ['=BINOM.DIST(5000, 10000, 0.5, TRUE)', 0.503989323],
    ['=POISSON.DIST(2000, 2000, TRUE)', 0.5059467],
    ['=CRITBINOM(1000000000, 0.3, 0.5)', 300000000],
    ['=GAMMA(200)', refused('NUM')],
    ['=BINOM.INV(10, 0.5, 0.5)', 5],
    ['=CRITBINOM(20, 0.3, 0.95)', 9],
    ['=POISSON(5, 3, TRUE)', 0.9160820579686966],
    ['=POISSON.DIST(3, 3, FALSE)', 0.22404180765538775],
    ['=HYPGEOM.DIST(1, 4, 8, 20, FALSE)', 0.3632610939112487],
    ['=HYPGEOM.DIST(1, 4, 8, 20, TRUE)', 0.4654282765737874],
    ['=HYPGEOMDIST(0, 4, 8, 20)', 0.10216718266253869],
    ['=NEGBINOM.DIST(10, 5, 0.25, TRUE)', 0.3135140584781766],
    ['=NEGBINOMDIST(10, 5, 0.25)', 0.05504866037517786],
    ['=NEGBINOMDIST(0, 5, 0.5)', 0.03125],
  ]);
});

describe('tests', () => {
  check([
    ['=T.TEST(A1:A5, B1:B5, 2, 1)', 0.0890093425, PAIRS],
    ['=T.TEST(A1:A5, B1:B5, 1, 2)', 0.147999652, PAIRS],
    ['=T.TEST({1,2,3}, {1,2}, 2, 1)', refused('N_A')],
    ['=T.TEST({1,2,3}, {1,2,4}, 3, 1)', refused('NUM')],
    ['=F.TEST(A1:A4, B1:B4)', 0.00333505185, TENFOLD],
    ['=FTEST(A1:A5, A1:A5)', 1, PAIRS],
    ['=Z.TEST(A1:A5, 3)', 0.5, PAIRS],
    ['=ZTEST(A1:A5, 4, 1.5)', 0.931981436, PAIRS],
    ['=CHISQ.TEST(A1:C2, A4:C5)', 0.000308192017, TABLES],
    ['=CHITEST({30,20;25,25}, {27.5,22.5;27.5,22.5})', 0.314878641],
    ['=CHISQ.TEST({1,2}, {1;2})', refused('N_A')],
  ]);
});
