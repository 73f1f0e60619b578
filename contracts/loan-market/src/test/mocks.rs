//! The market's surroundings, reduced to what it sees of them: a price hub that says what a test pleases, an insurer that pays,
//! refuses, traps, lies or calls back, and a token with too many decimals.

pub mod hub {
    use interfaces::price::{PairReading, PriceError};
    use soroban_sdk::{contract, contractimpl, symbol_short, Address, Env};

    #[contract]
    pub struct Hub;

    #[contractimpl]
    impl Hub {
        pub fn pair(
            env: Env,
            _collateral: Address,
            _debt: Address,
        ) -> Result<PairReading, PriceError> {
            let pair: Option<PairReading> = env.storage().instance().get(&symbol_short!("pair"));
            pair.ok_or(PriceError::TooFewSources)
        }

        pub fn set(env: Env, pair: Option<PairReading>) {
            match pair {
                Some(pair) => env.storage().instance().set(&symbol_short!("pair"), &pair),
                None => env.storage().instance().remove(&symbol_short!("pair")),
            }
        }
    }
}

pub mod insurer {
    use interfaces::adapter::CoverRequest;
    use interfaces::cover::Quote;
    use interfaces::market::LoanMarketClient;
    use interfaces::platform::{
        Beneficiary, Compensation, InsuredPlatformClient, Insurer as InsurerInterface, Liquidation,
        LoanFacts,
    };
    use soroban_sdk::auth::{ContractContext, InvokerContractAuthEntry, SubContractInvocation};
    use soroban_sdk::token::TokenClient;
    use soroban_sdk::{
        contract, contractimpl, contracttype, vec, Address, Env, Error, IntoVal, Symbol, Vec,
    };

    /// How it answers.
    #[contracttype]
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Conduct {
        /// Sends so much and says this.
        Sends(i128, Compensation),
        /// Refuses with a code.
        Refuses(u32),
        /// Ends without a code.
        Traps,
        /// Calls the market back.
        CallsBack,
    }

    #[contracttype]
    enum Key {
        Asset,
        Pool,
        Conduct,
        Exit,
        Facts,
        Asked,
    }

    #[contract]
    pub struct Insurer;

    fn behave(env: &Env, platform: &Address) -> Option<(i128, Compensation)> {
        match env.storage().instance().get(&Key::Conduct) {
            Some(Conduct::Sends(amount, says)) => Some((amount, says)),
            Some(Conduct::Refuses(code)) => env.panic_with_error(Error::from_contract_error(code)),
            Some(Conduct::Traps) => panic!("trap"),
            Some(Conduct::CallsBack) => {
                LoanMarketClient::new(env, platform).write_off();
                None
            }
            None => None,
        }
    }

    #[contractimpl]
    impl InsurerInterface for Insurer {
        fn insure(
            env: Env,
            platform: Address,
            _loan: Address,
            facts: LoanFacts,
            payer: Address,
            request: CoverRequest,
        ) -> Quote {
            platform.require_auth();
            behave(&env, &platform);
            let asset: Address = env.storage().instance().get(&Key::Asset).unwrap();
            let pool: Address = env.storage().instance().get(&Key::Pool).unwrap();
            TokenClient::new(&env, &asset).transfer(&payer, &pool, &request.max_premium);
            env.storage().instance().set(&Key::Facts, &facts);
            Quote {
                base: 0,
                ltv_factor: 0,
                utilisation_factor: 0,
                rate: 0,
                premium: request.max_premium,
                fee: 0,
                per_day: 0,
                per_month: 0,
                limit: request.limit,
                deductible: 0,
                waiting: 0,
                start: env.ledger().timestamp(),
                end: 0,
                room: 0,
            }
        }

        fn exit_refusal(env: Env, platform: Address, _loan: Address, facts: LoanFacts) -> u32 {
            platform.require_auth();
            if let Some(Conduct::Traps) = env.storage().instance().get(&Key::Conduct) {
                panic!("trap");
            }
            env.storage().instance().set(&Key::Facts, &facts);
            env.storage().instance().get(&Key::Exit).unwrap_or(0)
        }

        fn settle_liquidation(
            env: Env,
            platform: Address,
            _loan: Address,
            liquidation: Liquidation,
            _bounty_to: Address,
        ) -> Compensation {
            platform.require_auth();
            let mut asked = Self::asked(env.clone());
            asked.push_back(liquidation);
            env.storage().instance().set(&Key::Asked, &asked);
            let (amount, says) = behave(&env, &platform).unwrap_or_default();
            let asset: Address = env.storage().instance().get(&Key::Asset).unwrap();
            if amount > 0 {
                let this = env.current_contract_address();
                TokenClient::new(&env, &asset).transfer(&this, &platform, &amount);
            }
            says
        }
    }

    #[contractimpl]
    impl Insurer {
        pub fn __constructor(env: Env, asset: Address, pool: Address) {
            env.storage().instance().set(&Key::Asset, &asset);
            env.storage().instance().set(&Key::Pool, &pool);
        }

        pub fn set_conduct(env: Env, conduct: Conduct) {
            env.storage().instance().set(&Key::Conduct, &conduct);
        }

        pub fn set_exit(env: Env, code: u32) {
            env.storage().instance().set(&Key::Exit, &code);
        }

        /// The facts it was last told.
        pub fn facts(env: Env) -> Option<LoanFacts> {
            env.storage().instance().get(&Key::Facts)
        }

        /// The liquidations it was asked to settle and did not fail at.
        pub fn asked(env: Env) -> Vec<Liquidation> {
            env.storage()
                .instance()
                .get(&Key::Asked)
                .unwrap_or_else(|| Vec::new(&env))
        }

        pub fn compensate(env: Env, market: Address, beneficiary: Beneficiary, amount: i128) {
            let this = env.current_contract_address();
            let asset: Address = env.storage().instance().get(&Key::Asset).unwrap();
            let context = ContractContext {
                contract: asset,
                fn_name: Symbol::new(&env, "transfer"),
                args: (&this, &market, amount).into_val(&env),
            };
            let invocation = SubContractInvocation {
                context,
                sub_invocations: Vec::new(&env),
            };
            env.authorize_as_current_contract(vec![
                &env,
                InvokerContractAuthEntry::Contract(invocation),
            ]);
            InsuredPlatformClient::new(&env, &market).compensate(&this, &beneficiary, &amount);
        }

        /// Has the market pay itself.
        pub fn compensate_from(env: Env, market: Address, payer: Address, amount: i128) {
            let market = InsuredPlatformClient::new(&env, &market);
            market.compensate(&payer, &Beneficiary::Lenders, &amount);
        }

        pub fn refinance(env: Env, market: Address, loan: Address, amount: i128) {
            InsuredPlatformClient::new(&env, &market).refinance(&loan, &amount);
        }

        pub fn foreclose(
            env: Env,
            market: Address,
            loan: Address,
            payer: Address,
            pay_max: i128,
        ) -> i128 {
            payer.require_auth();
            InsuredPlatformClient::new(&env, &market).foreclose(&loan, &payer, &pay_max)
        }

        pub fn surrender(env: Env, market: Address, loan: Address, amount: i128, to: Address) {
            InsuredPlatformClient::new(&env, &market).surrender(&loan, &amount, &to);
        }

        pub fn assign(env: Env, market: Address, loan: Address, to: Address) {
            let market = InsuredPlatformClient::new(&env, &market);
            market.loan(&loan).owner.require_auth();
            market.assign(&loan, &to);
        }
    }
}

pub mod fine_token {
    use soroban_sdk::{contract, contractimpl, Env};

    /// A token of 19 decimals.
    #[contract]
    pub struct FineToken;

    #[contractimpl]
    impl FineToken {
        pub fn decimals(_env: Env) -> u32 {
            19
        }
    }
}
