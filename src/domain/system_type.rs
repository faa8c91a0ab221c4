//! The qualification types that every market knows: nobody made them, and their values follow from a worker's record and profile
//! (reference, section 8.1).

/// A qualification type of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SystemType {
    /// Whether the market has chosen the worker as one of its best. It has no value.
    Masters,
    /// How many assignments of the worker were approved.
    HitsApproved,
    /// Where the worker lives.
    Locale,
    /// Whether the worker is of age and has agreed to see such tasks: 1 or 0.
    Adult,
    /// How many of a hundred decided assignments were approved.
    PercentApproved,
}

/// The Masters type of Amazon's sandbox, which had an ID of its own.
const SANDBOX_MASTERS: &str = "2ARFPLSP75KLA8M8DH1HTEQVJT3SY6";

impl SystemType {
    /// All, in the order in which they are listed.
    pub const ALL: [SystemType; 5] = [
        SystemType::Masters,
        SystemType::HitsApproved,
        SystemType::Locale,
        SystemType::Adult,
        SystemType::PercentApproved,
    ];

    /// The type of an ID, in production or in the sandbox.
    pub fn of(id: &str) -> Option<SystemType> {
        if id == SANDBOX_MASTERS {
            return Some(SystemType::Masters);
        }
        SystemType::ALL.into_iter().find(|system| system.id() == id)
    }

    /// `QualificationTypeId`.
    pub const fn id(self) -> &'static str {
        match self {
            SystemType::Masters => "2F1QJWKUDD8XADTFD2Q0G6UTO95ALH",
            SystemType::HitsApproved => "00000000000000000040",
            SystemType::Locale => "00000000000000000071",
            SystemType::Adult => "00000000000000000060",
            SystemType::PercentApproved => "000000000000000000L0",
        }
    }

    /// `QualificationTypeId`, in the sandbox or elsewhere.
    pub const fn id_in(self, sandbox: bool) -> &'static str {
        match self {
            SystemType::Masters if sandbox => SANDBOX_MASTERS,
            other => other.id(),
        }
    }

    /// `Name`.
    pub const fn name(self) -> &'static str {
        match self {
            SystemType::Masters => "Masters",
            SystemType::HitsApproved => "Worker_NumberHITsApproved",
            SystemType::Locale => "Worker_Locale",
            SystemType::Adult => "Worker_Adult",
            SystemType::PercentApproved => "Worker_PercentAssignmentsApproved",
        }
    }

    /// The name without `Worker_`, as batch files have it.
    pub fn short_name(self) -> &'static str {
        self.name().trim_start_matches("Worker_")
    }

    /// `Description`.
    pub const fn description(self) -> &'static str {
        match self {
            SystemType::Masters => "Workers whose work the market has found to be among the best.",
            SystemType::HitsApproved => "How many assignments of the worker were approved in this market.",
            SystemType::Locale => "The country in which the worker lives, and for the US the state.",
            SystemType::Adult => "1 for workers who are of age and have agreed to see content for adults, else 0.",
            SystemType::PercentApproved => {
                "How many of a hundred of the worker's decided assignments were approved in this market."
            }
        }
    }
}

/// Whether a host is Amazon's sandbox, where the Masters type has an identifier of its own.
pub fn is_sandbox(host: &str) -> bool {
    host.starts_with("mturk-requester-sandbox.") && host.ends_with(".amazonaws.com")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_found_by_its_id() {
        for system in SystemType::ALL {
            assert_eq!(SystemType::of(system.id()), Some(system));
        }
        assert_eq!(SystemType::of(SANDBOX_MASTERS), Some(SystemType::Masters));
        // Retired by Amazon: assignments submitted, and the Masters of one category.
        for unknown in ["00000000000000000000", "2NDP2L92HECWY8NS8H3CK0CP5L9GHO", "", "3B5O8SC7Q7AHWK1W0BWSJU39IPFSL0"]
        {
            assert_eq!(SystemType::of(unknown), None, "{unknown}");
        }
    }
}
